using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Goodhart.Engine.Kernels.Simd;

/// <summary>e^x to about 2 units in the last place; 0 below -87.33, infinity above 88.37, NaN for NaN.</summary>
/// <remarks>
/// x = n ln 2 + r with |r| at most ln(2)/2; e^r by Cephes' degree-6 polynomial (Moshier, expf); 2^n by writing the exponent.
/// All forms do the same operations, so a row's tail has the bits that its lanes would have.
/// </remarks>
static class Exp
{
    const float Lowest = -87.33654f, Highest = 89f;
    const float Log2E = 1.44269504088896341f, Ln2High = 0.693359375f, Ln2Low = -2.12194440e-4f;
    const float P0 = 1.9875691500e-4f, P1 = 1.3981999507e-3f, P2 = 8.3334519073e-3f;
    const float P3 = 4.1665795894e-2f, P4 = 1.6666665459e-1f, P5 = 5.0000001201e-1f;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Of(Vector256<float> x)
    {
        Vector256<float> clamped = Vector256.ConditionalSelect(
            Vector256.GreaterThan(x, Vector256.Create(Highest)), Vector256.Create(Highest), x);
        Vector256<float> n = Vector256.Floor(Vector256.FusedMultiplyAdd(clamped, Vector256.Create(Log2E), Vector256.Create(0.5f)));
        Vector256<float> r = Vector256.FusedMultiplyAdd(n, Vector256.Create(-Ln2High), clamped);
        r = Vector256.FusedMultiplyAdd(n, Vector256.Create(-Ln2Low), r);

        Vector256<float> p = Vector256.FusedMultiplyAdd(Vector256.Create(P0), r, Vector256.Create(P1));
        p = Vector256.FusedMultiplyAdd(p, r, Vector256.Create(P2));
        p = Vector256.FusedMultiplyAdd(p, r, Vector256.Create(P3));
        p = Vector256.FusedMultiplyAdd(p, r, Vector256.Create(P4));
        p = Vector256.FusedMultiplyAdd(p, r, Vector256.Create(P5));
        p = Vector256.FusedMultiplyAdd(p, r * r, r + Vector256<float>.One);

        Vector256<int> exponent = Vector256.ShiftLeft(Vector256.ConvertToInt32Native(n) + Vector256.Create(127), 23);
        Vector256<float> y = p * exponent.AsSingle();
        return Vector256.ConditionalSelect(Vector256.LessThan(x, Vector256.Create(Lowest)), Vector256<float>.Zero, y);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Of(Vector512<float> x)
    {
        Vector512<float> clamped = Vector512.ConditionalSelect(
            Vector512.GreaterThan(x, Vector512.Create(Highest)), Vector512.Create(Highest), x);
        Vector512<float> n = Vector512.Floor(Vector512.FusedMultiplyAdd(clamped, Vector512.Create(Log2E), Vector512.Create(0.5f)));
        Vector512<float> r = Vector512.FusedMultiplyAdd(n, Vector512.Create(-Ln2High), clamped);
        r = Vector512.FusedMultiplyAdd(n, Vector512.Create(-Ln2Low), r);

        Vector512<float> p = Vector512.FusedMultiplyAdd(Vector512.Create(P0), r, Vector512.Create(P1));
        p = Vector512.FusedMultiplyAdd(p, r, Vector512.Create(P2));
        p = Vector512.FusedMultiplyAdd(p, r, Vector512.Create(P3));
        p = Vector512.FusedMultiplyAdd(p, r, Vector512.Create(P4));
        p = Vector512.FusedMultiplyAdd(p, r, Vector512.Create(P5));
        p = Vector512.FusedMultiplyAdd(p, r * r, r + Vector512<float>.One);

        Vector512<int> exponent = Vector512.ShiftLeft(Vector512.ConvertToInt32Native(n) + Vector512.Create(127), 23);
        Vector512<float> y = p * exponent.AsSingle();
        return Vector512.ConditionalSelect(Vector512.LessThan(x, Vector512.Create(Lowest)), Vector512<float>.Zero, y);
    }

    public static float Of(float x)
    {
        if (x < Lowest)
            return 0;
        float clamped = x > Highest ? Highest : x;
        float n = MathF.Floor(MathF.FusedMultiplyAdd(clamped, Log2E, 0.5f));
        float r = MathF.FusedMultiplyAdd(n, -Ln2High, clamped);
        r = MathF.FusedMultiplyAdd(n, -Ln2Low, r);

        float p = MathF.FusedMultiplyAdd(P0, r, P1);
        p = MathF.FusedMultiplyAdd(p, r, P2);
        p = MathF.FusedMultiplyAdd(p, r, P3);
        p = MathF.FusedMultiplyAdd(p, r, P4);
        p = MathF.FusedMultiplyAdd(p, r, P5);
        p = MathF.FusedMultiplyAdd(p, r * r, r + 1);

        return p * (float.IsNaN(x) ? float.NaN : BitConverter.Int32BitsToSingle(((int)n + 127) << 23));
    }
}
