using Goodhart.Engine.Kernels;
using Goodhart.Engine.Tensors;

namespace Goodhart.Engine.Autograd;

public sealed partial class Tape
{
    /// <summary>Divides each row of x by its root mean square and scales it by weight.</summary>
    /// <param name="x">[N, C].</param>
    /// <param name="weight">[1, C].</param>
    /// <param name="epsilon">rms_norm_eps in a model's config.json.</param>
    /// <returns>[N, C].</returns>
    public Tensor RmsNorm(Tensor x, Tensor weight, float epsilon)
    {
        int columns = x.Shape.Columns;
        Throw.UnlessShape(nameof(RmsNorm), weight, new Shape(1, columns), nameof(weight));

        Tensor y = New(x.Shape, x, weight), rstd = New(new Shape(x.Shape.Rows, 1));
        _workers.ForRows(x.Shape.Rows, RowGrain(columns), (first, count) =>
            RmsNormKernel.Forward(x.Rows(first, count), weight.Data, y.Rows(first, count), rstd.Rows(first, count), columns, epsilon));
        return Record(new RmsNormOp(x, weight, rstd, y));
    }

    sealed class RmsNormOp(Tensor x, Tensor weight, Tensor rstd, Tensor y) : Op(y)
    {
        public override void Backward(Tape tape)
        {
            int columns = x.Shape.Columns;
            Memory<float> dy = tape.GradientBlock(Output), dx = tape.GradientBlock(x);
            if (x.RequiresGradient)
            {
                tape._workers.ForRows(x.Shape.Rows, RowGrain(columns), (first, count) => RmsNormKernel.BackwardInput(
                    RowsOf(dy, first, count, columns), x.Rows(first, count), weight.Data, rstd.Rows(first, count),
                    RowsOf(dx, first, count, columns), columns));
            }

            if (weight.RequiresGradient)
                RmsNormKernel.BackwardWeight(dy.Span, x.Data, rstd.Data, tape.GradientOf(weight), columns);
        }
    }

    /// <summary>Rows that a thread takes at a time in elementwise work: some ten microseconds, several times what handing it over costs.</summary>
    static int RowGrain(int columns) => Math.Max(1, (1 << 14) / columns);

    static Span<float> RowsOf(Memory<float> block, int first, int count, int columns) =>
        block.Span.Slice(first * columns, count * columns);
}
