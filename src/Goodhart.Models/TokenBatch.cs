namespace Goodhart.Models;

/// <summary>Equally long sequences of token ids, one after the other.</summary>
public sealed class TokenBatch
{
    /// <param name="ids">B T ids.</param>
    /// <param name="length">T.</param>
    /// <param name="start">The position of each sequence's first id, where ids continue a cached sequence; null for 0.</param>
    public TokenBatch(int[] ids, int length, IReadOnlyList<int>? start = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 1);
        if (ids.Length % length != 0)
            throw new ArgumentException($"TokenBatch: the number of ids should be a multiple of {length}, got {ids.Length}.", nameof(ids));

        (Ids, Length) = (ids, length);
        Positions = new int[ids.Length];
        for (int n = 0; n < ids.Length; n++)
            Positions[n] = n % length + (start?[n / length] ?? 0);
    }

    /// <summary>[B T].</summary>
    public int[] Ids { get; }

    /// <summary>[B T]: where in its sequence each id stands.</summary>
    public int[] Positions { get; }

    /// <summary>T.</summary>
    public int Length { get; }

    /// <summary>B.</summary>
    public int Sequences => Ids.Length / Length;

    /// <summary>Sequences of any lengths, filled up on the right; causal attention never looks there.</summary>
    public static TokenBatch Padded(IReadOnlyList<int[]> sequences, int padId = 0)
    {
        int length = sequences.Max(s => s.Length);
        int[] ids = new int[sequences.Count * length];
        Array.Fill(ids, padId);
        for (int i = 0; i < sequences.Count; i++)
            sequences[i].CopyTo(ids, i * length);
        return new TokenBatch(ids, length);
    }
}
