using Goodhart.Engine.Kernels;
using Goodhart.Engine.Tensors;

namespace Goodhart.Engine.Autograd;

public sealed partial class Tape
{
    /// <summary>Shifts and scales each row of x to mean 0 and variance 1, then scales by weight and adds bias.</summary>
    /// <param name="x">[N, C].</param>
    /// <param name="weight">[1, C].</param>
    /// <param name="bias">[1, C].</param>
    /// <param name="epsilon">layer_norm_epsilon in a model's config.json.</param>
    /// <returns>[N, C].</returns>
    public Tensor LayerNorm(Tensor x, Tensor weight, Tensor bias, float epsilon)
    {
        int columns = x.Shape.Columns;
        Throw.UnlessShape(nameof(LayerNorm), weight, new Shape(1, columns), nameof(weight));
        Throw.UnlessShape(nameof(LayerNorm), bias, new Shape(1, columns), nameof(bias));

        Tensor y = New(x.Shape, x, weight, bias), normal = New(x.Shape), rstd = New(new Shape(x.Shape.Rows, 1));
        _workers.ForRows(x.Shape.Rows, RowGrain(columns), (first, count) => LayerNormKernel.Forward(
            x.Rows(first, count), weight.Data, bias.Data, y.Rows(first, count), normal.Rows(first, count), rstd.Rows(first, count), epsilon));
        return Record(new LayerNormOp(x, weight, bias, normal, rstd, y));
    }

    sealed class LayerNormOp(Tensor x, Tensor weight, Tensor bias, Tensor normal, Tensor rstd, Tensor y) : Op(y)
    {
        public override void Backward(Tape tape)
        {
            int columns = x.Shape.Columns;
            Memory<float> dy = tape.GradientBlock(Output), dx = tape.GradientBlock(x);
            if (x.RequiresGradient)
            {
                tape._workers.ForRows(x.Shape.Rows, RowGrain(columns), (first, count) => LayerNormKernel.BackwardInput(
                    RowsOf(dy, first, count, columns), weight.Data, normal.Rows(first, count), rstd.Rows(first, count), RowsOf(dx, first, count, columns)));
            }

            if (weight.RequiresGradient)
                LayerNormKernel.BackwardWeight(dy.Span, normal.Data, tape.GradientOf(weight));
            if (bias.RequiresGradient)
                BiasKernel.BackwardBias(dy.Span, tape.GradientOf(bias));
        }
    }
}
