using Goodhart.Engine.Kernels;
using Goodhart.Engine.Tensors;

namespace Goodhart.Engine.Autograd;

public sealed partial class Tape
{
    /// <summary>Rotary position embedding of each head.</summary>
    /// <param name="x">[N, heads D].</param>
    /// <param name="table">Angles for heads of size D.</param>
    /// <param name="positions">N positions below the table's. Must not change before the backward pass.</param>
    /// <returns>[N, heads D].</returns>
    public Tensor Rope(Tensor x, RopeTable table, ReadOnlyMemory<int> positions)
    {
        Throw.Unless(x.Shape.Columns % table.HeadSize == 0, $"Rope: columns should be a multiple of {table.HeadSize}, got {x.Shape}.");
        Throw.Unless(positions.Length == x.Shape.Rows, $"Rope: there should be {x.Shape.Rows} positions, got {positions.Length}.");
        int last = 0;
        foreach (int position in positions.Span)
        {
            Throw.Unless((uint)position < (uint)table.Positions, $"Rope: positions should be below {table.Positions}, got {position}.");
            last = Math.Max(last, position);
        }

        Tensor y = New(x.Shape, x);
        table.Upto(last + 1);
        Turn(x.Values, y.Values, table, positions, x.Shape, inverse: false);
        return Record(new RopeOp(x, table, positions, y));
    }

    void Turn(Memory<float> from, Memory<float> to, RopeTable table, ReadOnlyMemory<int> positions, Shape shape, bool inverse)
    {
        int columns = shape.Columns, heads = columns / table.HeadSize;
        RopeTable.Angles angles = table.Upto(0);
        _workers.ForRows(shape.Rows, RowGrain(columns), (first, count) => RopeKernel.Turn(
            RowsOf(from, first, count, columns), positions.Span.Slice(first, count), angles.Cos, angles.Sin,
            RowsOf(to, first, count, columns), heads, table.HeadSize, table.IsInterleaved, inverse, add: inverse));
    }

    sealed class RopeOp(Tensor x, RopeTable table, ReadOnlyMemory<int> positions, Tensor y) : Op(y)
    {
        public override void Backward(Tape tape) =>
            tape.Turn(tape.GradientBlock(Output), tape.GradientBlock(x), table, positions, x.Shape, inverse: true);
    }
}
