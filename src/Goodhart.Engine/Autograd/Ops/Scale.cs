using System.Numerics.Tensors;
using Tensor = Goodhart.Engine.Tensors.Tensor;

namespace Goodhart.Engine.Autograd;

public sealed partial class Tape
{
    /// <summary>factor x, elementwise.</summary>
    /// <param name="x">[N, C].</param>
    /// <param name="factor">A constant.</param>
    /// <returns>[N, C].</returns>
    public Tensor Scale(Tensor x, float factor)
    {
        int columns = x.Shape.Columns;
        Tensor y = New(x.Shape, x);
        _workers.ForRows(x.Shape.Rows, RowGrain(columns), (first, count) =>
            TensorPrimitives.Multiply(x.Rows(first, count), factor, y.Rows(first, count)));
        return Record(new ScaleOp(x, factor, y));
    }

    sealed class ScaleOp(Tensor x, float factor, Tensor y) : Op(y)
    {
        public override void Backward(Tape tape)
        {
            int columns = x.Shape.Columns;
            Memory<float> dy = tape.GradientBlock(Output), dx = tape.GradientBlock(x);
            tape._workers.ForRows(x.Shape.Rows, RowGrain(columns), (first, count) =>
            {
                Span<float> to = RowsOf(dx, first, count, columns);
                TensorPrimitives.MultiplyAdd(RowsOf(dy, first, count, columns), factor, to, to);
            });
        }
    }
}
