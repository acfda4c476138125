using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Goodhart.Engine.Kernels.Simd;

namespace Goodhart.Engine.Kernels;

/// <summary>y = x (1 + tanh u) / 2 = x / (1 + e^(-2u)) with u = sqrt(2 / pi) (x + 0.044715 x^3), elementwise (Hendrycks and Gimpel 2016).</summary>
/// <remarks>The approximation that Hugging Face calls gelu_new.</remarks>
static unsafe class GeluKernel
{
    const float Cubic = 0.044715f, MinusTwoRoot = -1.5957691216f;

    /// <param name="x">Any length.</param>
    /// <param name="y">The same length, overwritten.</param>
    public static void Forward(ReadOnlySpan<float> x, Span<float> y)
    {
        int i;
        fixed (float* from = x, to = y)
        {
            i = Vector512.IsHardwareAccelerated ? Forward<Lanes512, Vector512<float>>(from, to, y.Length)
                : Vector256.IsHardwareAccelerated ? Forward<Lanes256, Vector256<float>>(from, to, y.Length)
                : 0;
        }

        for (; i < x.Length; i++)
            y[i] = x[i] / (1 + Exp.Of(MinusTwoU(x[i])));
    }

    /// <summary>dx += dy (s + 2 x s (1 - s) du/dx) with s = 1 / (1 + e^(-2u)).</summary>
    /// <param name="dy">Any length.</param>
    /// <param name="x">The same length.</param>
    /// <param name="dx">The same length, added to.</param>
    public static void Backward(ReadOnlySpan<float> dy, ReadOnlySpan<float> x, Span<float> dx)
    {
        int i;
        fixed (float* d = dy, from = x, to = dx)
        {
            i = Vector512.IsHardwareAccelerated ? Backward<Lanes512, Vector512<float>>(d, from, to, x.Length)
                : Vector256.IsHardwareAccelerated ? Backward<Lanes256, Vector256<float>>(d, from, to, x.Length)
                : 0;
        }

        for (; i < x.Length; i++)
        {
            float s = 1 / (1 + Exp.Of(MinusTwoU(x[i]))), slope = -MinusTwoRoot * MathF.FusedMultiplyAdd(3 * Cubic * x[i], x[i], 1);
            dx[i] = MathF.FusedMultiplyAdd(dy[i] * s, MathF.FusedMultiplyAdd(x[i] * (1 - s), slope, 1), dx[i]);
        }
    }

    static float MinusTwoU(float x) => MinusTwoRoot * x * MathF.FusedMultiplyAdd(Cubic * x, x, 1);

    /// <summary>Whole vectors of the forward pass; returns how many elements they had.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static int Forward<TLanes, V>(float* x, float* y, int length)
        where TLanes : struct, ILanes<V>
        where V : struct
    {
        int i = 0;
        for (; i <= length - TLanes.Count; i += TLanes.Count)
        {
            V v = TLanes.Load(x + i);
            TLanes.Store(TLanes.Divide(v, TLanes.Add(TLanes.All(1), TLanes.Exp(MinusTwoU<TLanes, V>(v)))), y + i);
        }

        return i;
    }

    /// <summary>Whole vectors of the backward pass; returns how many elements they had.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static int Backward<TLanes, V>(float* dy, float* x, float* dx, int length)
        where TLanes : struct, ILanes<V>
        where V : struct
    {
        int i = 0;
        for (; i <= length - TLanes.Count; i += TLanes.Count)
        {
            V v = TLanes.Load(x + i), one = TLanes.All(1);
            V s = TLanes.Divide(one, TLanes.Add(one, TLanes.Exp(MinusTwoU<TLanes, V>(v))));
            V slope = TLanes.Multiply(TLanes.All(-MinusTwoRoot), TLanes.MultiplyAdd(TLanes.Multiply(TLanes.All(3 * Cubic), v), v, one));
            V whole = TLanes.MultiplyAdd(TLanes.Multiply(v, TLanes.Subtract(one, s)), slope, one);
            TLanes.Store(TLanes.MultiplyAdd(TLanes.Multiply(TLanes.Load(dy + i), s), whole, TLanes.Load(dx + i)), dx + i);
        }

        return i;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static V MinusTwoU<TLanes, V>(V x)
        where TLanes : struct, ILanes<V>
        where V : struct =>
        TLanes.Multiply(TLanes.Multiply(TLanes.All(MinusTwoRoot), x), TLanes.MultiplyAdd(TLanes.Multiply(TLanes.All(Cubic), x), x, TLanes.All(1)));
}
