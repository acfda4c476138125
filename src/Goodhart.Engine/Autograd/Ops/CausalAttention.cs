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
        Throw.Unless(time > 0 && q.Shape.Rows % time == 0, $"CausalAttention: rows should be a multiple of time {time}, got {q.Shape}.");
        return CausalAttention(q, k, v, SequenceOffsets.Equal(q.Shape.Rows / time, time), heads, keyHeads, window);
    }

    /// <summary>Causal softmax attention within each of B sequences of any lengths, with grouped query heads.</summary>
    /// <param name="q">[N, H D].</param>
    /// <param name="k">[N, K D].</param>
    /// <param name="v">[N, K D].</param>
    /// <param name="sequences">Of N rows.</param>
    /// <param name="heads">H.</param>
    /// <param name="keyHeads">K; divides H.</param>
    /// <param name="window">Keys that a query sees, its own among them.</param>
    /// <returns>[N, H D].</returns>
    public Tensor CausalAttention(Tensor q, Tensor k, Tensor v, SequenceOffsets sequences, int heads, int keyHeads, int window = int.MaxValue)
    {
        Throw.Unless(keyHeads > 0 && heads > 0 && heads % keyHeads == 0,
            $"CausalAttention: heads should be a positive multiple of keyHeads, got {heads} and {keyHeads}.");
        Throw.Unless(window > 0, $"CausalAttention: window should be at least 1, got {window}.");
        int rows = sequences.Rows, headSize = q.Shape.Columns / heads;
        Throw.UnlessShape(nameof(CausalAttention), q, new Shape(rows, heads * headSize), nameof(q));
        Throw.UnlessShape(nameof(CausalAttention), k, new Shape(rows, keyHeads * headSize), nameof(k));
        Throw.UnlessShape(nameof(CausalAttention), v, new Shape(rows, keyHeads * headSize), nameof(v));

        AttentionShape longest = new(sequences.Longest, heads, keyHeads, headSize) { Window = window };
        Tensor o = New(q.Shape, q, k, v), logSumExp = New(new Shape(rows, heads));
        var mark = _arena.Mark();
        int length = AttentionKernel.ForwardScratch(longest);
        Memory<float> scratch = _arena.Take(length * _workers.Count);
        _workers.Run(sequences.Count * keyHeads, (item, slot) =>
        {
            int first = sequences.Start(item / keyHeads), time = sequences.Length(item / keyHeads);
            AttentionKernel.Forward(
                q.Rows(first, time), k.Rows(first, time), v.Rows(first, time), o.Rows(first, time), logSumExp.Rows(first, time),
                scratch.Span.Slice(slot * length, length), longest with { Time = time }, item % keyHeads);
        });
        _arena.Rewind(mark);
        return Record(new CausalAttentionOp(q, k, v, o, logSumExp, sequences, longest));
    }

    sealed class CausalAttentionOp(Tensor q, Tensor k, Tensor v, Tensor o, Tensor logSumExp, SequenceOffsets sequences, AttentionShape longest) : Op(o)
    {
        public override void Backward(Tape tape)
        {
            var mark = tape._arena.Mark();
            int length = AttentionKernel.BackwardScratch(longest);
            Memory<float> scratch = tape._arena.Take(length * tape._workers.Count);
            Memory<float> dOut = tape.GradientBlock(Output), dq = tape.GradientBlock(q), dk = tape.GradientBlock(k), dv = tape.GradientBlock(v);
            tape._workers.Run(sequences.Count * longest.KeyHeads, (item, slot) =>
            {
                int first = sequences.Start(item / longest.KeyHeads), time = sequences.Length(item / longest.KeyHeads);
                AttentionKernel.Backward(
                    RowsOf(dOut, first, time, Output.Shape.Columns), q.Rows(first, time), k.Rows(first, time), v.Rows(first, time),
                    Output.Rows(first, time), logSumExp.Rows(first, time),
                    RowsOrNone(dq, q), RowsOrNone(dk, k), RowsOrNone(dv, v),
                    scratch.Span.Slice(slot * length, length), longest with { Time = time }, item % longest.KeyHeads);

                Span<float> RowsOrNone(Memory<float> gradient, Tensor input) =>
                    gradient.IsEmpty ? [] : RowsOf(gradient, first, time, input.Shape.Columns);
            });
            tape._arena.Rewind(mark);
        }
    }
}
