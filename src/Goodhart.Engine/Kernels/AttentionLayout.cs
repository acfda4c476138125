namespace Goodhart.Engine.Kernels;

/// <summary>Moves one head between the model's layout, [T, heads D], and the padded ones that attention computes in.</summary>
static class AttentionLayout
{
    /// <summary>[padded D, padded T], zeros past the edges.</summary>
    public static void Transposed(ReadOnlySpan<float> x, Span<float> target, in AttentionShape s, int keyHead)
    {
        int columns = s.KeyHeads * s.HeadSize;
        target.Clear();
        for (int t = 0; t < s.Time; t++)
        {
            ReadOnlySpan<float> row = x.Slice(t * columns + keyHead * s.HeadSize, s.HeadSize);
            for (int d = 0; d < row.Length; d++)
                target[d * s.PaddedTime + t] = row[d];
        }
    }

    /// <summary>[T, padded D], zeros past the edge.</summary>
    public static void Padded(ReadOnlySpan<float> x, Span<float> target, in AttentionShape s, int keyHead)
    {
        int columns = s.KeyHeads * s.HeadSize;
        for (int t = 0; t < s.Time; t++)
        {
            Span<float> row = target.Slice(t * s.PaddedHead, s.PaddedHead);
            x.Slice(t * columns + keyHead * s.HeadSize, s.HeadSize).CopyTo(row);
            row[s.HeadSize..].Clear();
        }
    }

    /// <summary>The inverse of <see cref="Padded"/>, adding.</summary>
    public static void AddPadded(ReadOnlySpan<float> padded, Span<float> x, in AttentionShape s, int keyHead)
    {
        if (x.IsEmpty)
            return;
        int columns = s.KeyHeads * s.HeadSize;
        for (int t = 0; t < s.Time; t++)
        {
            Span<float> row = x.Slice(t * columns + keyHead * s.HeadSize, s.HeadSize);
            for (int d = 0; d < row.Length; d++)
                row[d] += padded[t * s.PaddedHead + d];
        }
    }

    /// <summary>A block of query rows, [4, padded D]; rows that do not exist are zero.</summary>
    public static void Gather(ReadOnlySpan<float> x, Span<float> block, in AttentionShape s, int head, int first, int rows)
    {
        block.Clear();
        for (int r = 0; r < rows; r++)
            x.Slice(((first + r) * s.Heads + head) * s.HeadSize, s.HeadSize).CopyTo(block.Slice(r * s.PaddedHead, s.HeadSize));
    }

    /// <summary>The inverse of <see cref="Gather"/>.</summary>
    public static void Scatter(ReadOnlySpan<float> block, Span<float> x, in AttentionShape s, int head, int first, int rows, bool add)
    {
        for (int r = 0; r < rows; r++)
        {
            ReadOnlySpan<float> from = block.Slice(r * s.PaddedHead, s.HeadSize);
            Span<float> to = x.Slice(((first + r) * s.Heads + head) * s.HeadSize, s.HeadSize);
            for (int d = 0; d < to.Length; d++)
                to[d] = add ? to[d] + from[d] : from[d];
        }
    }
}
