using Goodhart.Engine.Kernels;
using Goodhart.Engine.Tensors;

namespace Goodhart.Engine.Autograd;

public sealed partial class Tape
{
    /// <summary>silu(gate) * up, elementwise.</summary>
    /// <param name="gate">[N, F].</param>
    /// <param name="up">[N, F].</param>
    /// <returns>[N, F].</returns>
    public Tensor SwiGlu(Tensor gate, Tensor up)
    {
        int columns = gate.Shape.Columns;
        Throw.UnlessShape(nameof(SwiGlu), up, gate.Shape, nameof(up));

        Tensor y = New(gate.Shape, gate, up);
        _workers.ForRows(gate.Shape.Rows, RowGrain(2 * columns), (first, count) =>
            SwiGluKernel.Forward(gate.Rows(first, count), up.Rows(first, count), y.Rows(first, count)));
        return Record(new SwiGluOp(gate, up, y));
    }

    sealed class SwiGluOp(Tensor gate, Tensor up, Tensor y) : Op(y)
    {
        public override void Backward(Tape tape)
        {
            int columns = gate.Shape.Columns;
            Memory<float> dy = tape.GradientBlock(Output), dGate = tape.GradientBlock(gate), dUp = tape.GradientBlock(up);
            tape._workers.ForRows(gate.Shape.Rows, RowGrain(2 * columns), (first, count) => SwiGluKernel.Backward(
                RowsOf(dy, first, count, columns), gate.Rows(first, count), up.Rows(first, count),
                gate.RequiresGradient ? RowsOf(dGate, first, count, columns) : [],
                up.RequiresGradient ? RowsOf(dUp, first, count, columns) : []));
        }
    }
}
