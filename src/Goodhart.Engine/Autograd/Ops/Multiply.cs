using System.Numerics.Tensors;
using Tensor = Goodhart.Engine.Tensors.Tensor;

namespace Goodhart.Engine.Autograd;

public sealed partial class Tape
{
    /// <summary>a b, elementwise.</summary>
    /// <param name="a">[N, C].</param>
    /// <param name="b">[N, C].</param>
    /// <returns>[N, C].</returns>
    public Tensor Multiply(Tensor a, Tensor b)
    {
        int columns = a.Shape.Columns;
        Throw.UnlessShape(nameof(Multiply), b, a.Shape, nameof(b));

        Tensor y = New(a.Shape, a, b);
        _workers.ForRows(a.Shape.Rows, RowGrain(columns), (first, count) =>
            TensorPrimitives.Multiply(a.Rows(first, count), b.Rows(first, count), y.Rows(first, count)));
        return Record(new MultiplyOp(a, b, y));
    }

    sealed class MultiplyOp(Tensor a, Tensor b, Tensor y) : Op(y)
    {
        public override void Backward(Tape tape)
        {
            AddTo(tape, a, b);
            AddTo(tape, b, a);
        }

        void AddTo(Tape tape, Tensor input, Tensor other)
        {
            if (!input.RequiresGradient)
                return;
            int columns = input.Shape.Columns;
            Memory<float> dy = tape.GradientBlock(Output), dx = tape.GradientBlock(input);
            tape._workers.ForRows(input.Shape.Rows, RowGrain(columns), (first, count) =>
            {
                Span<float> to = RowsOf(dx, first, count, columns);
                TensorPrimitives.MultiplyAdd(RowsOf(dy, first, count, columns), other.Rows(first, count), to, to);
            });
        }
    }
}
