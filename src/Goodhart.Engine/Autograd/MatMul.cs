using Goodhart.Engine.Kernels;
using Goodhart.Engine.Memory;
using Goodhart.Engine.Threading;

namespace Goodhart.Engine.Autograd;

/// <summary>Packs operands and splits matrix products over threads.</summary>
static class MatMul
{
    /// <summary>Rows of C that a thread takes at a time; a multiple of the tile's six.</summary>
    const int RowGrain = 16 * MatMulKernel.TileRows;

    /// <summary>Rows of a transposed product that a thread takes at a time where its left operand is transposed first, eight by eight; elsewhere one tile's.</summary>
    const int TransposedGrain = 4 * MatMulKernel.TileRows;

    /// <summary>Columns up to which a transposed operand is read in place.</summary>
    const int WidestInPlace = 256;

    /// <summary>Multiply-adds below which a second thread costs more than it saves.</summary>
    const long WorthSharing = 1 << 17;

    /// <summary>Floats that <see cref="Pack"/> fills for a [depth, columns] operand.</summary>
    public static int PackedLength(int depth, int columns) => PackedPanels.LengthFor(depth, columns, PackedPanels.BestWidth);

    /// <summary>Lays out B[depth, columns], or with <paramref name="transposed"/> the transpose of W[columns, depth].</summary>
    public static PackedPanels Pack(Workers workers, Memory<float> matrix, int depth, int columns, bool transposed, Memory<float> storage)
    {
        if (!transposed && PackedPanels.CanStay(columns, PackedPanels.BestWidth))
            return PackedPanels.InPlace(matrix, depth, columns, PackedPanels.BestWidth);

        PackedPanels panels = new(storage, depth, columns, PackedPanels.BestWidth);
        int grain = (int)Math.Max(1, WorthSharing / 4 / ((long)depth * panels.Width));
        workers.ForRows(panels.Count, grain, (first, count) =>
        {
            for (int panel = first; panel < first + count; panel++)
            {
                if (transposed)
                    panels.PackPanelTransposed(panel, matrix.Span);
                else
                    panels.PackPanel(panel, matrix.Span);
            }
        });
        return panels;
    }

    /// <summary>C[rows, N] (+)= A[rows, K] B.</summary>
    public static void Multiply(Workers workers, Memory<float> a, PackedPanels b, Memory<float> c, int rows, bool add)
    {
        if (rows * (long)b.Depth * b.Columns < WorthSharing || workers.Count == 1)
        {
            MatMulKernel.Multiply(a.Span, b.Depth, 1, b, c.Span, rows, 0, b.Count, add);
            return;
        }

        int rowBlocks = (rows + RowGrain - 1) / RowGrain;
        int panelBlocks = rowBlocks >= 2 * workers.Count ? 1 : Math.Min(b.Count, 2 * workers.Count);
        int panelGrain = (b.Count + panelBlocks - 1) / panelBlocks;
        workers.Run(rowBlocks * panelBlocks, (item, _) =>
        {
            int row = item / panelBlocks * RowGrain, panel = item % panelBlocks * panelGrain;
            int taken = Math.Min(RowGrain, rows - row), panels = Math.Min(panelGrain, b.Count - panel);
            if (panels > 0)
                MatMulKernel.Multiply(a.Span[(row * b.Depth)..], b.Depth, 1, b, c.Span[(row * b.Columns)..], taken, panel, panels, add);
        });
    }

    /// <summary>C[M, N] += transpose(A[K, M]) B.</summary>
    /// <remarks>A narrow A is read in place, down its columns; from a wide one every term would come from another page, so it is transposed first.</remarks>
    public static void AddTransposedProduct(Workers workers, Arena arena, Memory<float> a, int rows, PackedPanels b, Memory<float> c)
    {
        ArenaMark mark = arena.Mark();
        int depth = b.Depth;
        bool isWide = rows > WidestInPlace;
        Memory<float> scratch = isWide ? arena.Take(workers.Count * TransposedGrain * depth) : Memory<float>.Empty;
        int grain = isWide ? TransposedGrain : MatMulKernel.TileRows;
        workers.Run((rows + grain - 1) / grain, (item, slot) =>
        {
            int row = item * grain, taken = Math.Min(grain, rows - row);
            Span<float> target = c.Span[(row * b.Columns)..];
            if (!isWide)
            {
                MatMulKernel.Multiply(a.Span[row..], 1, rows, b, target, taken, 0, b.Count, add: true);
                return;
            }

            Span<float> left = scratch.Span.Slice(slot * TransposedGrain * depth, taken * depth);
            TransposeColumns(a.Span[row..], left, depth, rows, taken);
            MatMulKernel.Multiply(left, depth, 1, b, target, taken, 0, b.Count, add: true);
        });
        arena.Rewind(mark);
    }

    static unsafe void TransposeColumns(Span<float> columns, Span<float> rows, int depth, int stride, int count)
    {
        fixed (float* from = columns, to = rows)
            TransposeKernel.Copy(from, stride, to, depth, depth, count);
    }
}
