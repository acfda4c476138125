using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Goodhart.Engine.Kernels;

/// <summary>Turns rows into columns, eight by eight where the machine can shuffle, else one by one.</summary>
static unsafe class TransposeKernel
{
    const int Block = 8;

    /// <summary>y[c, r] = x[r, c].</summary>
    /// <param name="x">[rows, columns].</param>
    /// <param name="xRow">Floats from a row of x to the next.</param>
    /// <param name="y">[columns, rows], overwritten.</param>
    /// <param name="yRow">Floats from a row of y to the next.</param>
    /// <param name="rows">Rows of x.</param>
    /// <param name="columns">Columns of x.</param>
    public static void Copy(float* x, nint xRow, float* y, nint yRow, int rows, int columns) =>
        Turn(x, xRow, y, yRow, rows, columns, add: false);

    /// <summary>y[c, r] += x[r, c].</summary>
    /// <inheritdoc cref="Copy"/>
    public static void Add(float* x, nint xRow, float* y, nint yRow, int rows, int columns) =>
        Turn(x, xRow, y, yRow, rows, columns, add: true);

    static void Turn(float* x, nint xRow, float* y, nint yRow, int rows, int columns, bool add)
    {
        int wholeRows = Avx.IsSupported ? rows & -Block : 0, wholeColumns = columns & -Block;
        for (int r = 0; r < wholeRows; r += Block)
        {
            for (int c = 0; c < wholeColumns; c += Block)
                TurnBlock(x + r * xRow + c, xRow, y + c * yRow + r, yRow, add);
            TurnOneByOne(x + r * xRow, xRow, y + r, yRow, 0, Block, wholeColumns, columns, add);
        }

        TurnOneByOne(x, xRow, y, yRow, wholeRows, rows, 0, columns, add);
    }

    static void TurnOneByOne(float* x, nint xRow, float* y, nint yRow, int firstRow, int rows, int firstColumn, int columns, bool add)
    {
        for (int r = firstRow; r < rows; r++)
        {
            for (int c = firstColumn; c < columns; c++)
                y[c * yRow + r] = add ? y[c * yRow + r] + x[r * xRow + c] : x[r * xRow + c];
        }
    }

    // Rows 0 to 3 in the lower halves, 4 to 7 in the upper ones: what is left are 4 x 4 blocks within halves.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void TurnBlock(float* x, nint xRow, float* y, nint yRow, bool add)
    {
        for (int half = 0; half < Block; half += Block / 2, x += Block / 2, y += Block / 2 * yRow)
        {
            Vector256<float> a = Halves(x, xRow), b = Halves(x + xRow, xRow), c = Halves(x + 2 * xRow, xRow), d = Halves(x + 3 * xRow, xRow);
            Vector256<float> abLow = Avx.UnpackLow(a, b), abHigh = Avx.UnpackHigh(a, b), cdLow = Avx.UnpackLow(c, d), cdHigh = Avx.UnpackHigh(c, d);
            Store(Avx.Shuffle(abLow, cdLow, 0x44), y, add);
            Store(Avx.Shuffle(abLow, cdLow, 0xEE), y + yRow, add);
            Store(Avx.Shuffle(abHigh, cdHigh, 0x44), y + 2 * yRow, add);
            Store(Avx.Shuffle(abHigh, cdHigh, 0xEE), y + 3 * yRow, add);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector256<float> Halves(float* x, nint xRow) => Vector256.Create(Vector128.Load(x), Vector128.Load(x + 4 * xRow));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Store(Vector256<float> lanes, float* y, bool add) => (add ? Vector256.Load(y) + lanes : lanes).Store(y);
}
