using System.Numerics.Tensors;
using Goodhart.Engine.Tensors;
using Tensor = Goodhart.Engine.Tensors.Tensor;

namespace Goodhart.Engine.Autograd;

public sealed partial class Tape
{
    /// <summary>Some neighbouring columns of x, such as the queries of a fused projection.</summary>
    /// <param name="x">[N, C].</param>
    /// <param name="from">The first column.</param>
    /// <param name="count">How many.</param>
    /// <returns>[N, count].</returns>
    public Tensor Columns(Tensor x, int from, int count)
    {
        int columns = x.Shape.Columns;
        Throw.Unless(from >= 0 && count > 0 && from <= columns - count, $"Columns: {from} to {from + count} should lie within {x.Shape}.");

        Tensor y = New(new Shape(x.Shape.Rows, count), x);
        for (int row = 0; row < x.Shape.Rows; row++)
            x.Row(row).Slice(from, count).CopyTo(y.Row(row));
        return Record(new ColumnsOp(x, from, y));
    }

    sealed class ColumnsOp(Tensor x, int from, Tensor y) : Op(y)
    {
        public override void Backward(Tape tape)
        {
            int columns = x.Shape.Columns, count = Output.Shape.Columns;
            Span<float> dy = tape.GradientOf(Output), dx = tape.GradientOf(x);
            for (int row = 0; row < x.Shape.Rows; row++)
            {
                Span<float> to = dx.Slice(row * columns + from, count);
                TensorPrimitives.Add(to, dy.Slice(row * count, count), to);
            }
        }
    }
}
