using System.Runtime.Intrinsics;

namespace Goodhart.Engine.Kernels;

/// <summary>A [K, N] operand laid out for <see cref="MatMulKernel"/>: panels of a few columns, each [K, width], zeros past the edge.</summary>
readonly struct PackedPanels(Memory<float> storage, int depth, int columns, int width)
{
    /// <summary>The widest panel of any instruction set.</summary>
    public const int MaxWidth = Tile512.Width;

    /// <summary>The width that suits this machine.</summary>
    public static int BestWidth => Vector512.IsHardwareAccelerated ? Tile512.Width : Tile256.Width;

    public Span<float> Data => storage.Span;

    /// <summary>K.</summary>
    public int Depth => depth;

    /// <summary>N.</summary>
    public int Columns => columns;

    /// <summary>Columns of a panel.</summary>
    public int Width => width;

    public int Count => CountFor(columns, width);

    public static int CountFor(int columns, int width) => (columns + width - 1) / width;

    /// <summary>Floats that the panels of a [depth, columns] operand take.</summary>
    public static int LengthFor(int depth, int columns, int width) => checked(CountFor(columns, width) * width * depth);

    /// <summary>Fills a panel from B[K, N], row-major.</summary>
    public void PackPanel(int panel, ReadOnlySpan<float> b)
    {
        int first = panel * width, taken = Math.Min(width, columns - first);
        Span<float> target = Data.Slice(panel * width * depth, width * depth);
        for (int k = 0; k < depth; k++)
        {
            Span<float> row = target.Slice(k * width, width);
            b.Slice(k * columns + first, taken).CopyTo(row);
            row[taken..].Clear();
        }
    }

    /// <summary>Fills a panel from W[N, K], row-major, so that B = W transposed.</summary>
    public void PackPanelTransposed(int panel, ReadOnlySpan<float> w)
    {
        int first = panel * width, taken = Math.Min(width, columns - first);
        Span<float> target = Data.Slice(panel * width * depth, width * depth);
        if (taken < width)
            target.Clear();
        for (int j = 0; j < taken; j++)
        {
            ReadOnlySpan<float> row = w.Slice((first + j) * depth, depth);
            int at = j;
            for (int k = 0; k < row.Length; k++, at += width)
                target[at] = row[k];
        }
    }
}
