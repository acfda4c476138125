using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Goodhart.Engine.Kernels.Simd;

namespace Goodhart.Engine.Kernels;

/// <summary>C[M, N] (+)= A[M, K] B[K, N] for B in panels (<see cref="PackedPanels"/>).</summary>
/// <remarks>
/// Goto and van de Geijn 2008, simplified: the right operand lies in panels that stay in the L2 cache; the left one is read
/// in place, six rows at a time, when its rows are contiguous, and is packed by the caller when they are not. Each element of
/// C is summed over k in the same order however the work is split, so the bits depend on neither threads nor blocks of rows.
/// </remarks>
static unsafe class MatMulKernel
{
    /// <summary>Rows of C in a tile.</summary>
    public const int TileRows = 6;

    /// <summary>Terms summed before C is visited again: 256 rows of a 16-wide panel are 16 kB, half of an L1 cache.</summary>
    const int DepthBlock = 256;

    /// <summary>Panels that one group of rows meets before the next: with <see cref="DepthBlock"/>, 256 kB of L2.</summary>
    const int PanelBlock = 16;

    /// <summary>Computes rows of C, all columns from panel <paramref name="firstPanel"/> on.</summary>
    /// <param name="a">[rows, K], element (m, k) at a[m aRow + k aStep].</param>
    /// <param name="aRow">Floats from a row of A to the next.</param>
    /// <param name="aStep">Floats from a term to the next: 1 unless A is read transposed.</param>
    /// <param name="b">[K, N].</param>
    /// <param name="c">[rows, N], contiguous.</param>
    /// <param name="rows">Rows of A and C.</param>
    /// <param name="firstPanel">First panel of B.</param>
    /// <param name="panels">Number of panels.</param>
    /// <param name="add">Whether C is added to; otherwise it is overwritten.</param>
    public static void Multiply(
        ReadOnlySpan<float> a, int aRow, int aStep, PackedPanels b, Span<float> c, int rows, int firstPanel, int panels, bool add)
    {
        Debug.Assert(c.Length >= rows * b.Columns);
        Debug.Assert(rows == 0 || a.Length > (rows - 1) * aRow + (b.Depth - 1) * aStep);
        fixed (float* pa = a, pb = b.Data, pc = c)
        {
            for (int depth = 0; depth < b.Depth; depth += DepthBlock)
            {
                int terms = Math.Min(DepthBlock, b.Depth - depth);
                if (rows == 1 && b.RowStride == b.Width && Vector256.IsHardwareAccelerated)
                {
                    float* first = pb + firstPanel * b.PanelStride + depth * b.RowStride;
                    if (b.Width == Tile512.Width)
                        Row<Lanes512, Vector512<float>>(pa + (long)depth * aStep, aStep, first, terms, b, firstPanel, pc + firstPanel * b.Width, panels, add || depth > 0);
                    else
                        Row<Lanes256, Vector256<float>>(pa + (long)depth * aStep, aStep, first, terms, b, firstPanel, pc + firstPanel * b.Width, panels, add || depth > 0);
                    continue;
                }

                for (int block = firstPanel; block < firstPanel + panels; block += PanelBlock)
                {
                    int end = Math.Min(block + PanelBlock, firstPanel + panels);
                    for (int row = 0; row < rows; row += TileRows)
                    {
                        int tileRows = Math.Min(TileRows, rows - row);
                        for (int panel = block; panel < end; panel++)
                        {
                            Tile(pa + (long)row * aRow + (long)depth * aStep, aRow, aStep,
                                pb + panel * b.PanelStride + depth * b.RowStride, b.RowStride, b.Width, terms,
                                pc + (long)row * b.Columns + panel * b.Width, b.Columns,
                                tileRows, Math.Min(b.Width, b.Columns - panel * b.Width), add || depth > 0);
                        }
                    }
                }
            }
        }
    }

    [SkipLocalsInit]
    static void Row<TLanes, V>(float* a, int aStep, float* first, int terms, PackedPanels b, int firstPanel, float* c, int panels, bool add)
        where TLanes : struct, ILanes<V>
        where V : struct
    {
        float* edge = stackalloc float[RowTile<TLanes, V>.MostPanels * PackedPanels.MaxWidth];
        for (int panel = 0, taken; panel < panels; panel += taken, first += taken * b.PanelStride, c += taken * b.Width)
        {
            int columns = b.Columns - (firstPanel + panel) * b.Width;
            taken = RowTile<TLanes, V>.Take(panels - panel);
            if (columns >= taken * b.Width)
            {
                RowTile<TLanes, V>.Multiply(taken, a, aStep, first, b.PanelStride, terms, c, add);
            }
            else
            {
                RowTile<TLanes, V>.Multiply(taken, a, aStep, first, b.PanelStride, terms, edge, add: false);
                CopyRow(edge, c, columns, add);
            }
        }
    }

    static void Tile(float* a, int aRow, int aStep, float* b, nint bRow, int width, int terms, float* c, int cRow, int rows, int columns, bool add)
    {
        if (!Vector256.IsHardwareAccelerated)
        {
            ScalarTile(a, aRow, aStep, b, bRow, terms, c, cRow, rows, columns, add);
            return;
        }

        if (rows == TileRows && columns == width)
        {
            FullTile(a, aRow, aStep, b, bRow, width, terms, c, cRow, rows, add);
            return;
        }

        EdgeTile(a, aRow, aStep, b, bRow, width, terms, c, cRow, rows, columns, add);
    }

    // A full tile into a scratch, whose missing rows repeat the last one, and a copy of what exists.
    [SkipLocalsInit]
    static void EdgeTile(float* a, int aRow, int aStep, float* b, nint bRow, int width, int terms, float* c, int cRow, int rows, int columns, bool add)
    {
        float* whole = stackalloc float[TileRows * PackedPanels.MaxWidth];
        FullTile(a, aRow, aStep, b, bRow, width, terms, whole, width, rows, add: false);
        for (int i = 0; i < rows; i++)
            CopyRow(whole + i * width, c + i * cRow, columns, add);
    }

    static void CopyRow(float* from, float* to, int columns, bool add)
    {
        int j = 0;
        for (; j <= columns - Vector256<float>.Count; j += Vector256<float>.Count)
        {
            Vector256<float> lanes = Vector256.Load(from + j);
            (add ? lanes + Vector256.Load(to + j) : lanes).Store(to + j);
        }

        for (; j < columns; j++)
            to[j] = add ? to[j] + from[j] : from[j];
    }

    static void FullTile(float* a, int aRow, int aStep, float* b, nint bRow, int width, int terms, float* c, int cRow, int rows, bool add)
    {
        float* a1 = a + Math.Min(1, rows - 1) * (long)aRow, a2 = a + Math.Min(2, rows - 1) * (long)aRow;
        float* a3 = a + Math.Min(3, rows - 1) * (long)aRow, a4 = a + Math.Min(4, rows - 1) * (long)aRow;
        float* a5 = a + Math.Min(5, rows - 1) * (long)aRow;
        if (width == Tile512.Width)
            Tile512.Multiply(a, a1, a2, a3, a4, a5, aStep, b, bRow, terms, c, cRow, add);
        else
            Tile256.Multiply(a, a1, a2, a3, a4, a5, aStep, b, bRow, terms, c, cRow, add);
    }

    static void ScalarTile(float* a, int aRow, int aStep, float* b, nint bRow, int terms, float* c, int cRow, int rows, int columns, bool add)
    {
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < columns; j++)
            {
                float sum = 0;
                for (int k = 0; k < terms; k++)
                    sum += a[i * aRow + k * aStep] * b[k * bRow + j];
                c[i * cRow + j] = add ? c[i * cRow + j] + sum : sum;
            }
        }
    }
}
