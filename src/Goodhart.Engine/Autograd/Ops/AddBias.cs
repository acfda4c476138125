using Goodhart.Engine.Kernels;
using Goodhart.Engine.Tensors;

namespace Goodhart.Engine.Autograd;

public sealed partial class Tape
{
    /// <summary>x + bias, the same bias for each row.</summary>
    /// <param name="x">[N, C].</param>
    /// <param name="bias">[1, C].</param>
    /// <returns>[N, C].</returns>
    public Tensor AddBias(Tensor x, Tensor bias)
    {
        int columns = x.Shape.Columns;
        Throw.UnlessShape(nameof(AddBias), bias, new Shape(1, columns), nameof(bias));

        Tensor y = New(x.Shape, x, bias);
        _workers.ForRows(x.Shape.Rows, RowGrain(columns), (first, count) =>
            BiasKernel.Forward(x.Rows(first, count), bias.Data, y.Rows(first, count)));
        return Record(new AddBiasOp(x, bias, y));
    }

    sealed class AddBiasOp(Tensor x, Tensor bias, Tensor y) : Op(y)
    {
        public override void Backward(Tape tape)
        {
            if (x.RequiresGradient)
            {
                Memory<float> dx = tape.GradientBlock(x);
                tape.AddRows(dx, tape.GradientBlock(Output), dx, x.Shape);
            }

            if (bias.RequiresGradient)
                BiasKernel.BackwardBias(tape.GradientOf(Output), tape.GradientOf(bias));
        }
    }
}
