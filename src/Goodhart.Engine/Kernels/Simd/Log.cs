using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Goodhart.Engine.Kernels.Simd;

/// <summary>The natural logarithm of a positive normal number to 2 units in the last place; infinity and NaN are kept.</summary>
/// <remarks>
/// x = 2^n m with m in [sqrt(1/2), sqrt(2)); log m by Cephes' degree-8 polynomial in m - 1 (Moshier, logf).
/// Zero and subnormal numbers are taken as the smallest normal number: callers multiply by x, which is then as good as 0.
/// </remarks>
static class Log
{
    const float SmallestNormal = 1.17549435e-38f, Sqrt2 = 1.41421356f;
    const float P0 = 7.0376836292e-2f, P1 = -1.1514610310e-1f, P2 = 1.1676998740e-1f, P3 = -1.2420140846e-1f, P4 = 1.4249322787e-1f;
    const float P5 = -1.6668057665e-1f, P6 = 2.0000714765e-1f, P7 = -2.4999993993e-1f, P8 = 3.3333331174e-1f;
    const float Ln2High = 0.693359375f, Ln2Low = -2.12194440e-4f;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Of(Vector256<float> x)
    {
        Vector256<float> finite = Vector256.LessThan(x, Vector256.Create(float.PositiveInfinity));
        Vector256<int> bits = Vector256.ConditionalSelect(Vector256.LessThan(x, Vector256.Create(SmallestNormal)), Vector256.Create(SmallestNormal), x).AsInt32();
        Vector256<float> n = Vector256.ConvertToSingle(Vector256.ShiftRightLogical(bits, 23) - Vector256.Create(127));
        Vector256<float> m = ((bits & Vector256.Create(0x007FFFFF)) | Vector256.Create(0x3F800000)).AsSingle();
        Vector256<float> large = Vector256.GreaterThan(m, Vector256.Create(Sqrt2));
        m = Vector256.ConditionalSelect(large, m * 0.5f, m) - Vector256<float>.One;
        n += large & Vector256<float>.One;

        Vector256<float> z = m * m;
        Vector256<float> p = Vector256.FusedMultiplyAdd(Vector256.Create(P0), m, Vector256.Create(P1));
        p = Vector256.FusedMultiplyAdd(p, m, Vector256.Create(P2));
        p = Vector256.FusedMultiplyAdd(p, m, Vector256.Create(P3));
        p = Vector256.FusedMultiplyAdd(p, m, Vector256.Create(P4));
        p = Vector256.FusedMultiplyAdd(p, m, Vector256.Create(P5));
        p = Vector256.FusedMultiplyAdd(p, m, Vector256.Create(P6));
        p = Vector256.FusedMultiplyAdd(p, m, Vector256.Create(P7));
        p = Vector256.FusedMultiplyAdd(p, m, Vector256.Create(P8));
        Vector256<float> y = m * z * p;
        y = Vector256.FusedMultiplyAdd(n, Vector256.Create(Ln2Low), y);
        y = Vector256.FusedMultiplyAdd(z, Vector256.Create(-0.5f), y);
        return Vector256.ConditionalSelect(finite, Vector256.FusedMultiplyAdd(n, Vector256.Create(Ln2High), m + y), x);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Of(Vector512<float> x)
    {
        Vector512<float> finite = Vector512.LessThan(x, Vector512.Create(float.PositiveInfinity));
        Vector512<int> bits = Vector512.ConditionalSelect(Vector512.LessThan(x, Vector512.Create(SmallestNormal)), Vector512.Create(SmallestNormal), x).AsInt32();
        Vector512<float> n = Vector512.ConvertToSingle(Vector512.ShiftRightLogical(bits, 23) - Vector512.Create(127));
        Vector512<float> m = ((bits & Vector512.Create(0x007FFFFF)) | Vector512.Create(0x3F800000)).AsSingle();
        Vector512<float> large = Vector512.GreaterThan(m, Vector512.Create(Sqrt2));
        m = Vector512.ConditionalSelect(large, m * 0.5f, m) - Vector512<float>.One;
        n += large & Vector512<float>.One;

        Vector512<float> z = m * m;
        Vector512<float> p = Vector512.FusedMultiplyAdd(Vector512.Create(P0), m, Vector512.Create(P1));
        p = Vector512.FusedMultiplyAdd(p, m, Vector512.Create(P2));
        p = Vector512.FusedMultiplyAdd(p, m, Vector512.Create(P3));
        p = Vector512.FusedMultiplyAdd(p, m, Vector512.Create(P4));
        p = Vector512.FusedMultiplyAdd(p, m, Vector512.Create(P5));
        p = Vector512.FusedMultiplyAdd(p, m, Vector512.Create(P6));
        p = Vector512.FusedMultiplyAdd(p, m, Vector512.Create(P7));
        p = Vector512.FusedMultiplyAdd(p, m, Vector512.Create(P8));
        Vector512<float> y = m * z * p;
        y = Vector512.FusedMultiplyAdd(n, Vector512.Create(Ln2Low), y);
        y = Vector512.FusedMultiplyAdd(z, Vector512.Create(-0.5f), y);
        return Vector512.ConditionalSelect(finite, Vector512.FusedMultiplyAdd(n, Vector512.Create(Ln2High), m + y), x);
    }

    public static float Of(float x) => Of(Vector256.Create(x)).ToScalar();
}
