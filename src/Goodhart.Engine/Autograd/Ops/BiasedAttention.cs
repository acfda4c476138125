using Goodhart.Engine.Kernels;
using Goodhart.Engine.Tensors;

namespace Goodhart.Engine.Autograd;

/// <summary>A learned addition to attention's scores for each distance between query and key.</summary>
/// <param name="Table">[buckets, H].</param>
/// <param name="Buckets">The row of the table for each distance key - query, from 1 - Q to K - 1.</param>
public sealed record RelativeBias(Tensor Table, int[] Buckets);

public sealed partial class Tape
{
    /// <summary>Softmax attention that is not scaled, within each of B pairs of sequences.</summary>
    /// <param name="q">[B Q, H D].</param>
    /// <param name="k">[B K, H D].</param>
    /// <param name="v">[B K, H D].</param>
    /// <param name="keyLengths">B: how many keys of each sequence are there, from its first on; at least 1.</param>
    /// <param name="heads">H.</param>
    /// <param name="bias">What distance adds to a score; null for nothing.</param>
    /// <param name="causal">Whether query i sees the keys up to i only.</param>
    /// <returns>[B Q, H D].</returns>
    public Tensor BiasedAttention(Tensor q, Tensor k, Tensor v, int[] keyLengths, int heads, RelativeBias? bias, bool causal)
    {
        int sequences = keyLengths.Length, headSize = q.Shape.Columns / heads;
        Throw.Unless(sequences > 0 && q.Shape.Rows % sequences == 0 && k.Shape.Rows % sequences == 0,
            $"BiasedAttention: rows should be multiples of {sequences} sequences, got {q.Shape} and {k.Shape}.");
        Throw.UnlessShape(nameof(BiasedAttention), q, new Shape(q.Shape.Rows, heads * headSize), nameof(q));
        Throw.UnlessShape(nameof(BiasedAttention), k, new Shape(k.Shape.Rows, heads * headSize), nameof(k));
        Throw.UnlessShape(nameof(BiasedAttention), v, k.Shape, nameof(v));
        int queries = q.Shape.Rows / sequences, keys = k.Shape.Rows / sequences;
        foreach (int length in keyLengths)
            Throw.Unless(length > 0 && length <= keys, $"BiasedAttention: keyLengths should be from 1 to {keys}, got {length}.");
        if (bias is not null)
            Check(bias, queries + keys - 1, heads);

        BiasedAttentionShape shape = new(queries, keys, heads, headSize, causal, bias?.Buckets ?? []);
        Tensor o = bias is null ? New(q.Shape, q, k, v) : New(q.Shape, q, k, v, bias.Table), logSumExp = New(new Shape(q.Shape.Rows, heads));
        var mark = _arena.Mark();
        Memory<float> scratch = _arena.Take(keys * _workers.Count);
        _workers.Run(sequences * heads, (item, slot) =>
        {
            int sequence = item / heads;
            BiasedAttentionKernel.Forward(
                q.Rows(sequence * queries, queries), k.Rows(sequence * keys, keys), v.Rows(sequence * keys, keys), bias is null ? [] : bias.Table.Data,
                o.Rows(sequence * queries, queries), logSumExp.Rows(sequence * queries, queries), scratch.Span.Slice(slot * keys, keys),
                shape, keyLengths[sequence], item % heads);
        });
        _arena.Rewind(mark);
        return Record(new BiasedAttentionOp(q, k, v, bias, keyLengths, o, logSumExp, shape));
    }

    static void Check(RelativeBias bias, int distances, int heads)
    {
        Throw.UnlessShape(nameof(BiasedAttention), bias.Table, new Shape(bias.Table.Shape.Rows, heads), "bias");
        Throw.Unless(bias.Buckets.Length == distances, $"BiasedAttention: there should be {distances} buckets, got {bias.Buckets.Length}.");
        foreach (int bucket in bias.Buckets)
            Throw.Unless((uint)bucket < (uint)bias.Table.Shape.Rows, $"BiasedAttention: buckets should be below {bias.Table.Shape.Rows}, got {bucket}.");
    }

    sealed class BiasedAttentionOp(
        Tensor q, Tensor k, Tensor v, RelativeBias? bias, int[] keyLengths, Tensor o, Tensor logSumExp, BiasedAttentionShape shape) : Op(o)
    {
        // A head at a time, all sequences of it: they share a column of the bias.
        public override void Backward(Tape tape)
        {
            var mark = tape._arena.Mark();
            int queries = shape.Queries, keys = shape.Keys;
            Memory<float> scratch = tape._arena.Take(keys * tape._workers.Count);
            Memory<float> dOut = tape.GradientBlock(Output), dq = tape.GradientBlock(q), dk = tape.GradientBlock(k), dv = tape.GradientBlock(v);
            Memory<float> dBias = bias is null ? default : tape.GradientBlock(bias.Table);
            tape._workers.Run(shape.Heads, (head, slot) =>
            {
                for (int sequence = 0; sequence < keyLengths.Length; sequence++)
                {
                    BiasedAttentionKernel.Backward(
                        RowsOf(dOut, sequence * queries, queries, q.Shape.Columns), q.Rows(sequence * queries, queries), k.Rows(sequence * keys, keys),
                        v.Rows(sequence * keys, keys), bias is null ? [] : bias.Table.Data, Output.Rows(sequence * queries, queries),
                        logSumExp.Rows(sequence * queries, queries), RowsOrNone(dq, sequence * queries, queries), RowsOrNone(dk, sequence * keys, keys),
                        RowsOrNone(dv, sequence * keys, keys), dBias.Span, scratch.Span.Slice(slot * keys, keys), shape, keyLengths[sequence], head);
                }
            });
            tape._arena.Rewind(mark);

            Span<float> RowsOrNone(Memory<float> gradient, int first, int count) => gradient.IsEmpty ? [] : RowsOf(gradient, first, count, q.Shape.Columns);
        }
    }
}
