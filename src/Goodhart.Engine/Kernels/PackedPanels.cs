using System.Runtime.Intrinsics;

namespace Goodhart.Engine.Kernels;

/// <summary>A [K, N] operand as <see cref="MatMulKernel"/> reads it, in panels of a few columns: each laid out apart, [K, width], zeros past the edge, or all in place.</summary>
readonly struct PackedPanels
{
    /// <summary>Columns up to which a matrix is read in place: the rows of a panel are then near enough to each other for a cache.</summary>
    const int WidestInPlace = 128;

    readonly Memory<float> _storage;

    /// <summary>Panels to be filled.</summary>
    /// <param name="storage">At least <see cref="LengthFor"/> floats.</param>
    /// <param name="depth">K.</param>
    /// <param name="columns">N.</param>
    /// <param name="width">Columns of a panel.</param>
    public PackedPanels(Memory<float> storage, int depth, int columns, int width)
        : this(storage, depth, columns, width, width, (nint)width * depth)
    {
    }

    PackedPanels(Memory<float> storage, int depth, int columns, int width, nint rowStride, nint panelStride) =>
        (_storage, Depth, Columns, Width, RowStride, PanelStride) = (storage, depth, columns, width, rowStride, panelStride);

    /// <summary>The widest panel of any instruction set.</summary>
    public const int MaxWidth = Tile512.Width;

    /// <summary>The width that suits this machine.</summary>
    public static int BestWidth => Vector512.IsHardwareAccelerated ? Tile512.Width : Tile256.Width;

    public Span<float> Data => _storage.Span;

    /// <summary>K.</summary>
    public int Depth { get; }

    /// <summary>N.</summary>
    public int Columns { get; }

    /// <summary>Columns of a panel.</summary>
    public int Width { get; }

    /// <summary>Floats from a row of a panel to the next.</summary>
    public nint RowStride { get; }

    /// <summary>Floats from a panel to the next.</summary>
    public nint PanelStride { get; }

    public int Count => CountFor(Columns, Width);

    /// <summary>Whether a matrix of so many columns need not be laid out anew: they are whole panels, and few.</summary>
    public static bool CanStay(int columns, int width) => columns % width == 0 && columns <= WidestInPlace;

    /// <summary>B[K, N], row-major, where it lies.</summary>
    public static PackedPanels InPlace(Memory<float> matrix, int depth, int columns, int width) => new(matrix, depth, columns, width, columns, width);

    public static int CountFor(int columns, int width) => (columns + width - 1) / width;

    /// <summary>Floats that the panels of a [depth, columns] operand take.</summary>
    public static int LengthFor(int depth, int columns, int width) => checked(CountFor(columns, width) * width * depth);

    /// <summary>Fills a panel from B[K, N], row-major.</summary>
    public void PackPanel(int panel, ReadOnlySpan<float> b)
    {
        int first = panel * Width, taken = Math.Min(Width, Columns - first);
        Span<float> target = Data.Slice(panel * Width * Depth, Width * Depth);
        for (int k = 0; k < Depth; k++)
        {
            Span<float> row = target.Slice(k * Width, Width);
            b.Slice(k * Columns + first, taken).CopyTo(row);
            row[taken..].Clear();
        }
    }

    /// <summary>Fills a panel from W[N, K], row-major, so that B = W transposed.</summary>
    public unsafe void PackPanelTransposed(int panel, ReadOnlySpan<float> w)
    {
        int first = panel * Width, taken = Math.Min(Width, Columns - first);
        Span<float> target = Data.Slice(panel * Width * Depth, Width * Depth);
        if (taken < Width)
            target.Clear();
        fixed (float* from = w.Slice(first * Depth, taken * Depth), to = target)
            TransposeKernel.Copy(from, Depth, to, Width, taken, Depth);
    }
}
