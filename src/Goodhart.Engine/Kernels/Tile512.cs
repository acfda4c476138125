using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Goodhart.Engine.Kernels;

/// <summary>The 512-bit micro-kernel: a 6 x 32 tile of C in twelve registers.</summary>
/// <remarks>
/// Twelve chains of multiply-adds hide the latency of one. The accumulators are named locals because the compiler keeps no
/// array in registers, and the method is optimised at once because it would otherwise run unoptimised until called often.
/// </remarks>
static unsafe class Tile512
{
    /// <summary>Columns of C in a tile.</summary>
    public const int Width = 32;

    const int Lanes = 16;

    /// <param name="a0">Row 0 of A; the others follow.</param>
    /// <param name="a1">Row 1.</param>
    /// <param name="a2">Row 2.</param>
    /// <param name="a3">Row 3.</param>
    /// <param name="a4">Row 4.</param>
    /// <param name="a5">Row 5.</param>
    /// <param name="aStep">Floats from one term of a row to the next.</param>
    /// <param name="b">[terms, 32].</param>
    /// <param name="bRow">Floats from a row of B to the next.</param>
    /// <param name="terms">Terms of each sum.</param>
    /// <param name="c">[6, 32].</param>
    /// <param name="cRow">Floats from a row of C to the next.</param>
    /// <param name="add">Whether C is added to.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply(
        float* a0, float* a1, float* a2, float* a3, float* a4, float* a5, nint aStep, float* b, nint bRow, nint terms, float* c, nint cRow, bool add)
    {
        Vector512<float> c00 = default, c01 = default;
        Vector512<float> c10 = default, c11 = default;
        Vector512<float> c20 = default, c21 = default;
        Vector512<float> c30 = default, c31 = default;
        Vector512<float> c40 = default, c41 = default;
        Vector512<float> c50 = default, c51 = default;
        nint at = 0;
        for (nint k = 0; k < terms; k++)
        {
            Vector512<float> b0 = Vector512.Load(b), b1 = Vector512.Load(b + Lanes);
            Vector512<float> x = Vector512.Create(a0[at]);
            c00 = Vector512.FusedMultiplyAdd(x, b0, c00);
            c01 = Vector512.FusedMultiplyAdd(x, b1, c01);
            x = Vector512.Create(a1[at]);
            c10 = Vector512.FusedMultiplyAdd(x, b0, c10);
            c11 = Vector512.FusedMultiplyAdd(x, b1, c11);
            x = Vector512.Create(a2[at]);
            c20 = Vector512.FusedMultiplyAdd(x, b0, c20);
            c21 = Vector512.FusedMultiplyAdd(x, b1, c21);
            x = Vector512.Create(a3[at]);
            c30 = Vector512.FusedMultiplyAdd(x, b0, c30);
            c31 = Vector512.FusedMultiplyAdd(x, b1, c31);
            x = Vector512.Create(a4[at]);
            c40 = Vector512.FusedMultiplyAdd(x, b0, c40);
            c41 = Vector512.FusedMultiplyAdd(x, b1, c41);
            x = Vector512.Create(a5[at]);
            c50 = Vector512.FusedMultiplyAdd(x, b0, c50);
            c51 = Vector512.FusedMultiplyAdd(x, b1, c51);
            at += aStep;
            b += bRow;
        }

        Store(c00, c01, c, add);
        Store(c10, c11, c + cRow, add);
        Store(c20, c21, c + 2 * cRow, add);
        Store(c30, c31, c + 3 * cRow, add);
        Store(c40, c41, c + 4 * cRow, add);
        Store(c50, c51, c + 5 * cRow, add);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Store(Vector512<float> left, Vector512<float> right, float* c, bool add)
    {
        if (add)
        {
            left += Vector512.Load(c);
            right += Vector512.Load(c + Lanes);
        }

        left.Store(c);
        right.Store(c + Lanes);
    }
}
