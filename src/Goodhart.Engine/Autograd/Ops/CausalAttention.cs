using Goodhart.Engine.Kernels;
using Goodhart.Engine.Tensors;

namespace Goodhart.Engine.Autograd;

public sealed partial class Tape
{
    /// <summary>Causal softmax attention within each of B sequences of T rows, with grouped query heads.</summary>
    /// <param name="q">[B T, H D].</param>
    /// <param name="k">[B T, K D].</param>
    /// <param name="v">[B T, K D].</param>
    /// <param name="time">T.</param>
    /// <param name="heads">H.</param>
    /// <param name="keyHeads">K; divides H.</param>
    /// <param name="window">Keys that a query sees, its own among them; sliding_window in a model's config.json.</param>
    /// <returns>[B T, H D].</returns>
    public Tensor CausalAttention(Tensor q, Tensor k, Tensor v, int time, int heads, int keyHeads, int window = int.MaxValue)
    {
        Throw.Unless(keyHeads > 0 && heads > 0 && heads % keyHeads == 0,
            $"CausalAttention: heads should be a positive multiple of keyHeads, got {heads} and {keyHeads}.");
        Throw.Unless(window > 0, $"CausalAttention: window should be at least 1, got {window}.");
        int rows = q.Shape.Rows, headSize = q.Shape.Columns / heads;
        Throw.Unless(time > 0 && rows % time == 0, $"CausalAttention: rows should be a multiple of time {time}, got {q.Shape}.");
        Throw.UnlessShape(nameof(CausalAttention), q, new Shape(rows, heads * headSize), nameof(q));
        Throw.UnlessShape(nameof(CausalAttention), k, new Shape(rows, keyHeads * headSize), nameof(k));
        Throw.UnlessShape(nameof(CausalAttention), v, new Shape(rows, keyHeads * headSize), nameof(v));

        AttentionShape shape = new(time, heads, keyHeads, headSize) { Window = window };
        Tensor o = New(q.Shape, q, k, v), logSumExp = New(new Shape(rows, heads));
        var mark = _arena.Mark();
        int length = AttentionKernel.ForwardScratch(shape);
        Memory<float> scratch = _arena.Take(length * _workers.Count);
        _workers.Run(rows / time * keyHeads, (item, slot) =>
        {
            int first = item / keyHeads * time;
            AttentionKernel.Forward(
                q.Rows(first, time), k.Rows(first, time), v.Rows(first, time), o.Rows(first, time), logSumExp.Rows(first, time),
                scratch.Span.Slice(slot * length, length), shape, item % keyHeads);
        });
        _arena.Rewind(mark);
        return Record(new CausalAttentionOp(q, k, v, o, logSumExp, shape));
    }

    sealed class CausalAttentionOp(Tensor q, Tensor k, Tensor v, Tensor o, Tensor logSumExp, AttentionShape shape) : Op(o)
    {
        public override void Backward(Tape tape)
        {
            var mark = tape._arena.Mark();
            int time = shape.Time, length = AttentionKernel.BackwardScratch(shape);
            Memory<float> scratch = tape._arena.Take(length * tape._workers.Count);
            Memory<float> dOut = tape.GradientBlock(Output), dq = tape.GradientBlock(q), dk = tape.GradientBlock(k), dv = tape.GradientBlock(v);
            tape._workers.Run(q.Shape.Rows / time * shape.KeyHeads, (item, slot) =>
            {
                int first = item / shape.KeyHeads * time;
                AttentionKernel.Backward(
                    RowsOf(dOut, first, time, Output.Shape.Columns), q.Rows(first, time), k.Rows(first, time), v.Rows(first, time),
                    Output.Rows(first, time), logSumExp.Rows(first, time),
                    RowsOrNone(dq, q), RowsOrNone(dk, k), RowsOrNone(dv, v),
                    scratch.Span.Slice(slot * length, length), shape, item % shape.KeyHeads);

                Span<float> RowsOrNone(Memory<float> gradient, Tensor input) =>
                    gradient.IsEmpty ? [] : RowsOf(gradient, first, time, input.Shape.Columns);
            });
            tape._arena.Rewind(mark);
        }
    }
}
