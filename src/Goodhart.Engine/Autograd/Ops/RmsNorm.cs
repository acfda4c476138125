using Goodhart.Engine.Kernels;
using Goodhart.Engine.Tensors;

namespace Goodhart.Engine.Autograd;

public sealed partial class Tape
{
    /// <summary>Divides each row of x by its root mean square and scales it by weight.</summary>
    /// <param name="x">[N, heads C].</param>
    /// <param name="weight">[1, C].</param>
    /// <param name="epsilon">rms_norm_eps in a model's config.json.</param>
    /// <param name="heads">Parts of a row that are each taken as a row.</param>
    /// <returns>[N, heads C].</returns>
    public Tensor RmsNorm(Tensor x, Tensor weight, float epsilon, int heads = 1)
    {
        int columns = x.Shape.Columns / heads, rows = x.Shape.Rows * heads;
        Throw.Unless(columns * heads == x.Shape.Columns, $"RmsNorm: x should have {heads} equal parts, got {x.Shape}.");
        Throw.UnlessShape(nameof(RmsNorm), weight, new Shape(1, columns), nameof(weight));

        Tensor y = New(x.Shape, x, weight), rstd = New(new Shape(rows, 1));
        _workers.ForRows(rows, RowGrain(columns), (first, count) => RmsNormKernel.Forward(
            RowsOf(x.Values, first, count, columns), weight.Data, RowsOf(y.Values, first, count, columns), rstd.Rows(first, count), columns, epsilon));
        return Record(new RmsNormOp(x, weight, rstd, y));
    }

    sealed class RmsNormOp(Tensor x, Tensor weight, Tensor rstd, Tensor y) : Op(y)
    {
        public override void Backward(Tape tape)
        {
            int columns = weight.Shape.Columns;
            Memory<float> dy = tape.GradientBlock(Output), dx = tape.GradientBlock(x);
            if (x.RequiresGradient)
            {
                tape._workers.ForRows(rstd.Shape.Rows, RowGrain(columns), (first, count) => RmsNormKernel.BackwardInput(
                    RowsOf(dy, first, count, columns), RowsOf(x.Values, first, count, columns), weight.Data, rstd.Rows(first, count),
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
