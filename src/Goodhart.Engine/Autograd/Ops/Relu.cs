using Goodhart.Engine.Kernels;
using Goodhart.Engine.Tensors;

namespace Goodhart.Engine.Autograd;

public sealed partial class Tape
{
    /// <summary>max(x, 0), elementwise.</summary>
    /// <param name="x">[N, C].</param>
    /// <returns>[N, C].</returns>
    public Tensor Relu(Tensor x)
    {
        int columns = x.Shape.Columns;
        Tensor y = New(x.Shape, x);
        _workers.ForRows(x.Shape.Rows, RowGrain(columns), (first, count) =>
            ReluKernel.Forward(x.Rows(first, count), y.Rows(first, count)));
        return Record(new ReluOp(x, y));
    }

    sealed class ReluOp(Tensor x, Tensor y) : Op(y)
    {
        public override void Backward(Tape tape)
        {
            int columns = x.Shape.Columns;
            Memory<float> dy = tape.GradientBlock(Output), dx = tape.GradientBlock(x);
            tape._workers.ForRows(x.Shape.Rows, RowGrain(columns), (first, count) => ReluKernel.Backward(
                RowsOf(dy, first, count, columns), x.Rows(first, count), RowsOf(dx, first, count, columns)));
        }
    }
}
