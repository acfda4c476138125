using Goodhart.Engine.Kernels;
using Goodhart.Engine.Tensors;

namespace Goodhart.Engine.Autograd;

public sealed partial class Tape
{
    /// <summary>x (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))) / 2, elementwise; gelu_new in a model's config.json.</summary>
    /// <param name="x">[N, C].</param>
    /// <returns>[N, C].</returns>
    public Tensor Gelu(Tensor x)
    {
        int columns = x.Shape.Columns;
        Tensor y = New(x.Shape, x);
        _workers.ForRows(x.Shape.Rows, RowGrain(columns), (first, count) => GeluKernel.Forward(x.Rows(first, count), y.Rows(first, count)));
        return Record(new GeluOp(x, y));
    }

    sealed class GeluOp(Tensor x, Tensor y) : Op(y)
    {
        public override void Backward(Tape tape)
        {
            int columns = x.Shape.Columns;
            Memory<float> dy = tape.GradientBlock(Output), dx = tape.GradientBlock(x);
            tape._workers.ForRows(x.Shape.Rows, RowGrain(columns), (first, count) => GeluKernel.Backward(
                RowsOf(dy, first, count, columns), x.Rows(first, count), RowsOf(dx, first, count, columns)));
        }
    }
}
