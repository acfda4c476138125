using Goodhart.Engine.Autograd;

namespace Goodhart.Models;

/// <summary>Sequences of token ids, one after the other.</summary>
public sealed class TokenBatch
{
    /// <summary>Equally long sequences.</summary>
    /// <param name="ids">B T ids.</param>
    /// <param name="length">T.</param>
    /// <param name="start">The position of each sequence's first id, where ids continue a cached sequence; null for 0.</param>
    public TokenBatch(int[] ids, int length, IReadOnlyList<int>? start = null)
        : this(ids, OfLength(ids, length), start)
    {
    }

    TokenBatch(int[] ids, SequenceOffsets sequences, IReadOnlyList<int>? start = null)
    {
        (Ids, Sequences) = (ids, sequences);
        Positions = new int[ids.Length];
        for (int i = 0; i < sequences.Count; i++)
        {
            for (int t = 0; t < sequences.Length(i); t++)
                Positions[sequences.Start(i) + t] = t + (start?[i] ?? 0);
        }
    }

    /// <summary>[N].</summary>
    public int[] Ids { get; }

    /// <summary>[N]: where in its sequence each id stands.</summary>
    public int[] Positions { get; }

    /// <summary>Which rows are whose.</summary>
    public SequenceOffsets Sequences { get; }

    /// <summary>T, of the longest sequence.</summary>
    public int Length => Sequences.Longest;

    /// <summary>Sequences of any lengths, without filling.</summary>
    public static TokenBatch Packed(IReadOnlyList<int[]> sequences) =>
        new([.. sequences.SelectMany(ids => ids)], new SequenceOffsets([.. sequences.Select(ids => ids.Length)]));

    /// <summary>Sequences of any lengths, filled up on the right to be equally long; causal attention never looks there.</summary>
    public static TokenBatch Padded(IReadOnlyList<int[]> sequences, int padId = 0)
    {
        int length = sequences.Max(s => s.Length);
        int[] ids = new int[sequences.Count * length];
        Array.Fill(ids, padId);
        for (int i = 0; i < sequences.Count; i++)
            sequences[i].CopyTo(ids, i * length);
        return new TokenBatch(ids, length);
    }

    static SequenceOffsets OfLength(int[] ids, int length)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 1);
        if (ids.Length % length != 0)
            throw new ArgumentException($"TokenBatch: the number of ids should be a multiple of {length}, got {ids.Length}.", nameof(ids));
        return SequenceOffsets.Equal(ids.Length / length, length);
    }
}
