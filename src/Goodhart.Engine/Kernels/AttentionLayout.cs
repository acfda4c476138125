namespace Goodhart.Engine.Kernels;

/// <summary>Moves one head between the model's layout, [T, heads D], and the padded ones that attention computes in.</summary>
static class AttentionLayout
{
    /// <summary>Keys or values of a head as rows, [padded T, padded D], zeros past the edges.</summary>
    public static void Rows(ReadOnlySpan<float> x, Span<float> target, in AttentionShape s, int keyHead)
    {
        int columns = s.KeyHeads * s.HeadSize;
        for (int t = 0; t < s.Time; t++)
        {
            Span<float> row = target.Slice(t * s.PaddedHead, s.PaddedHead);
            x.Slice(t * columns + keyHead * s.HeadSize, s.HeadSize).CopyTo(row);
            row[s.HeadSize..].Clear();
        }

        target[(s.Time * s.PaddedHead)..].Clear();
    }

    /// <summary>The inverse of <see cref="Rows"/>, adding.</summary>
    public static void AddRows(ReadOnlySpan<float> padded, Span<float> x, in AttentionShape s, int keyHead)
    {
        if (x.IsEmpty)
            return;
        int columns = s.KeyHeads * s.HeadSize;
        for (int t = 0; t < s.Time; t++)
        {
            Span<float> row = x.Slice(t * columns + keyHead * s.HeadSize, s.HeadSize);
            ReadOnlySpan<float> from = padded.Slice(t * s.PaddedHead, row.Length);
            for (int d = 0; d < row.Length; d++)
                row[d] += from[d];
        }
    }

    /// <summary>A block of a head's query rows across lanes, [padded D, lanes], zeros past the edges.</summary>
    public static void ToLanes(ReadOnlySpan<float> x, Span<float> block, in AttentionShape s, int head, int first, int lanes)
    {
        int rows = Math.Min(lanes, s.Time - first);
        if (rows < lanes || s.HeadSize < s.PaddedHead)
            block.Clear();
        for (int r = 0; r < rows; r++)
        {
            ReadOnlySpan<float> row = x.Slice(((first + r) * s.Heads + head) * s.HeadSize, s.HeadSize);
            for (int d = 0, at = r; d < row.Length; d++, at += lanes)
                block[at] = row[d];
        }
    }

    /// <summary>The inverse of <see cref="ToLanes"/>.</summary>
    public static void FromLanes(ReadOnlySpan<float> block, Span<float> x, in AttentionShape s, int head, int first, int lanes, bool add)
    {
        for (int r = 0; r < lanes && first + r < s.Time; r++)
        {
            Span<float> row = x.Slice(((first + r) * s.Heads + head) * s.HeadSize, s.HeadSize);
            for (int d = 0, at = r; d < row.Length; d++, at += lanes)
                row[d] = add ? row[d] + block[at] : block[at];
        }
    }

    /// <summary>A block of a head's query rows as rows, [lanes, padded D], zeros past the edges.</summary>
    public static void BlockRows(ReadOnlySpan<float> x, Span<float> block, in AttentionShape s, int head, int first, int lanes)
    {
        block.Clear();
        for (int r = 0; r < lanes && first + r < s.Time; r++)
            x.Slice(((first + r) * s.Heads + head) * s.HeadSize, s.HeadSize).CopyTo(block[(r * s.PaddedHead)..]);
    }
}
