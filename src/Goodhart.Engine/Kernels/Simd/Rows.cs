using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Goodhart.Engine.Kernels.Simd;

/// <summary>Sums, maxima and multiply-adds over one row.</summary>
static class Rows
{
    static readonly int Lanes = Vector256<float>.Count;

    /// <summary>sum of a[i] b[i].</summary>
    public static float Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        int i = 0;
        float sum = 0;
        if (Vector256.IsHardwareAccelerated)
        {
            ref float pa = ref MemoryMarshal.GetReference(a), pb = ref MemoryMarshal.GetReference(b);
            Vector256<float> lanes = default;
            for (; i <= a.Length - Lanes; i += Lanes)
                lanes = Vector256.FusedMultiplyAdd(Vector256.LoadUnsafe(ref pa, (nuint)i), Vector256.LoadUnsafe(ref pb, (nuint)i), lanes);
            sum = Vector256.Sum(lanes);
        }

        for (; i < a.Length; i++)
            sum = MathF.FusedMultiplyAdd(a[i], b[i], sum);
        return sum;
    }

    /// <summary>y[i] += scale x[i].</summary>
    public static void AddScaled(ReadOnlySpan<float> x, float scale, Span<float> y)
    {
        int i = 0;
        if (Vector256.IsHardwareAccelerated)
        {
            ref float px = ref MemoryMarshal.GetReference(x), py = ref MemoryMarshal.GetReference(y);
            Vector256<float> s = Vector256.Create(scale);
            for (; i <= x.Length - Lanes; i += Lanes)
                Vector256.FusedMultiplyAdd(Vector256.LoadUnsafe(ref px, (nuint)i), s, Vector256.LoadUnsafe(ref py, (nuint)i)).StoreUnsafe(ref py, (nuint)i);
        }

        for (; i < x.Length; i++)
            y[i] = MathF.FusedMultiplyAdd(x[i], scale, y[i]);
    }

    /// <summary>The largest value. A NaN may be passed over: whoever sums exponentials afterwards meets it again.</summary>
    public static float Max(ReadOnlySpan<float> x)
    {
        int i = 0;
        float max = float.NegativeInfinity;
        if (Vector256.IsHardwareAccelerated && x.Length >= Lanes)
        {
            ref float px = ref MemoryMarshal.GetReference(x);
            Vector256<float> lanes = Vector256.LoadUnsafe(ref px);
            for (i = Lanes; i <= x.Length - Lanes; i += Lanes)
                lanes = Vector256.MaxNative(lanes, Vector256.LoadUnsafe(ref px, (nuint)i));
            max = MaxLane(lanes);
        }

        for (; i < x.Length; i++)
            max = x[i] > max ? x[i] : max;
        return max;
    }

    /// <summary>The largest of eight lanes.</summary>
    public static float MaxLane(Vector256<float> lanes)
    {
        Vector128<float> m = Vector128.MaxNative(lanes.GetLower(), lanes.GetUpper());
        m = Vector128.MaxNative(m, Vector128.Shuffle(m, Vector128.Create(2, 3, 0, 1)));
        return Vector128.MaxNative(m, Vector128.Shuffle(m, Vector128.Create(1, 0, 3, 2))).ToScalar();
    }

    /// <summary>log of the sum of e^(scale x[i]), the maximum taken out first.</summary>
    public static float LogSumExp(ReadOnlySpan<float> x, float scale)
    {
        float max = Max(x) * scale;
        if (float.IsInfinity(max))
            return float.IsNegativeInfinity(max) ? OnlyMinusInfinity(x) : max;

        int i = 0;
        float sum = 0;
        if (Vector256.IsHardwareAccelerated)
        {
            ref float px = ref MemoryMarshal.GetReference(x);
            Vector256<float> s = Vector256.Create(scale), m = Vector256.Create(-max), lanes = default;
            for (; i <= x.Length - Lanes; i += Lanes)
                lanes += Exp.Of(Vector256.FusedMultiplyAdd(Vector256.LoadUnsafe(ref px, (nuint)i), s, m));
            sum = Vector256.Sum(lanes);
        }

        for (; i < x.Length; i++)
            sum += Exp.Of(MathF.FusedMultiplyAdd(x[i], scale, -max));
        return max + MathF.Log(sum);
    }

    // No number was found: all are minus infinity, or some are NaN, which Max passes over.
    static float OnlyMinusInfinity(ReadOnlySpan<float> x)
    {
        foreach (float value in x)
        {
            if (float.IsNaN(value))
                return float.NaN;
        }

        return float.NegativeInfinity;
    }
}
