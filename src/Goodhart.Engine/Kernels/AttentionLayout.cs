using System.Runtime.Intrinsics;

namespace Goodhart.Engine.Kernels;

/// <summary>Moves one head between the model's layout, [T, heads D], and the padded ones that attention computes in.</summary>
/// <remarks>Over pointers: heads are narrow, and checks would cost as much as the moves.</remarks>
static unsafe class AttentionLayout
{
    const int Lanes = 8;

    /// <summary>Keys or values of a head as rows, [padded T, padded D], zeros past the edges.</summary>
    public static void Rows(float* x, float* target, in AttentionShape s, int keyHead)
    {
        int columns = s.KeyHeads * s.HeadSize, padded = s.PaddedHead;
        x += keyHead * s.HeadSize;
        for (int t = 0; t < s.Time; t++)
            CopyRow(x + t * columns, target + t * padded, s.HeadSize, padded);
        Clear(target + s.Time * padded, (s.PaddedTime - s.Time) * padded);
    }

    /// <summary>The inverse of <see cref="Rows"/>, adding.</summary>
    public static void AddRows(float* padded, Span<float> x, in AttentionShape s, int keyHead)
    {
        int columns = s.KeyHeads * s.HeadSize, size = s.HeadSize, stride = s.PaddedHead;
        for (int t = 0; t < s.Time && !x.IsEmpty; t++)
        {
            Span<float> row = x.Slice(t * columns + keyHead * size, size);
            float* from = padded + t * stride;
            for (int d = 0; d < row.Length; d++)
                row[d] += from[d];
        }
    }

    /// <summary>A block of a head's query rows across lanes, [padded D, lanes], zeros past the edges.</summary>
    public static void ToLanes(float* x, float* block, in AttentionShape s, int head, int first, int lanes)
    {
        int rows = Math.Min(lanes, s.Time - first), size = s.HeadSize, columns = s.Heads * size;
        if (rows < lanes || size < s.PaddedHead)
            Clear(block, lanes * s.PaddedHead);
        x += first * columns + head * size;
        TransposeKernel.Copy(x, columns, block, lanes, rows, size);
    }

    /// <summary>The inverse of <see cref="ToLanes"/>.</summary>
    public static void FromLanes(float* block, float* x, in AttentionShape s, int head, int first, int lanes, bool add)
    {
        int rows = Math.Min(lanes, s.Time - first), size = s.HeadSize, columns = s.Heads * size;
        x += first * columns + head * size;
        if (add)
            TransposeKernel.Add(block, lanes, x, columns, size, rows);
        else
            TransposeKernel.Copy(block, lanes, x, columns, size, rows);
    }

    /// <summary>A block of a head's query rows as rows, [lanes, padded D], zeros past the edges.</summary>
    public static void BlockRows(float* x, float* block, in AttentionShape s, int head, int first, int lanes)
    {
        int rows = Math.Min(lanes, s.Time - first), columns = s.Heads * s.HeadSize, padded = s.PaddedHead;
        x += first * columns + head * s.HeadSize;
        for (int r = 0; r < rows; r++)
            CopyRow(x + r * columns, block + r * padded, s.HeadSize, padded);
        Clear(block + rows * padded, (lanes - rows) * padded);
    }

    static void CopyRow(float* from, float* to, int size, int padded)
    {
        int d = 0;
        for (; d <= size - Lanes; d += Lanes)
            Vector256.Load(from + d).Store(to + d);
        for (; d < size; d++)
            to[d] = from[d];
        for (; d < padded; d++)
            to[d] = 0;
    }

    static void Clear(float* from, int length) => new Span<float>(from, length).Clear();
}
