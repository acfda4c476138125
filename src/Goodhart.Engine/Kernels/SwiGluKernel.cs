using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Goodhart.Engine.Kernels.Simd;

namespace Goodhart.Engine.Kernels;

/// <summary>y = silu(gate) * up with silu(g) = g / (1 + e^-g), elementwise (Shazeer 2020).</summary>
static unsafe class SwiGluKernel
{
    /// <param name="gate">Any length.</param>
    /// <param name="up">The same length.</param>
    /// <param name="y">The same length, overwritten.</param>
    public static void Forward(ReadOnlySpan<float> gate, ReadOnlySpan<float> up, Span<float> y)
    {
        Debug.Assert(gate.Length == up.Length && gate.Length == y.Length);
        int i;
        fixed (float* g = gate, u = up, to = y)
        {
            i = Vector512.IsHardwareAccelerated ? Forward<Lanes512, Vector512<float>>(g, u, to, y.Length)
                : Vector256.IsHardwareAccelerated ? Forward<Lanes256, Vector256<float>>(g, u, to, y.Length)
                : 0;
        }

        for (; i < gate.Length; i++)
            y[i] = gate[i] / (1 + Exp.Of(-gate[i])) * up[i];
    }

    /// <summary>dGate += dy up s (1 + gate (1 - s)), dUp += dy gate s.</summary>
    /// <remarks>s = 1 / (1 + e^-gate) and ds/dgate = s (1 - s).</remarks>
    /// <param name="dy">Any length.</param>
    /// <param name="gate">The same length.</param>
    /// <param name="up">The same length.</param>
    /// <param name="dGate">Added to; empty if not wanted.</param>
    /// <param name="dUp">Added to; empty if not wanted.</param>
    public static void Backward(ReadOnlySpan<float> dy, ReadOnlySpan<float> gate, ReadOnlySpan<float> up, Span<float> dGate, Span<float> dUp)
    {
        int i = 0;
        if (!dGate.IsEmpty && !dUp.IsEmpty)
        {
            fixed (float* d = dy, g = gate, u = up, dg = dGate, du = dUp)
            {
                i = Vector512.IsHardwareAccelerated ? Backward<Lanes512, Vector512<float>>(d, g, u, dg, du, gate.Length)
                    : Vector256.IsHardwareAccelerated ? Backward<Lanes256, Vector256<float>>(d, g, u, dg, du, gate.Length)
                    : 0;
            }
        }

        for (; i < gate.Length; i++)
        {
            float s = 1 / (1 + Exp.Of(-gate[i]));
            if (!dGate.IsEmpty)
                dGate[i] = MathF.FusedMultiplyAdd(dy[i] * up[i], s * MathF.FusedMultiplyAdd(gate[i], 1 - s, 1), dGate[i]);
            if (!dUp.IsEmpty)
                dUp[i] = MathF.FusedMultiplyAdd(dy[i] * gate[i], s, dUp[i]);
        }
    }

    /// <summary>Whole vectors of the forward pass; returns how many elements they had.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static int Forward<TLanes, V>(float* gate, float* up, float* y, int length)
        where TLanes : struct, ILanes<V>
        where V : struct
    {
        int i = 0;
        for (; i <= length - TLanes.Count; i += TLanes.Count)
        {
            V g = TLanes.Load(gate + i), one = TLanes.All(1);
            V silu = TLanes.Divide(g, TLanes.Add(one, TLanes.Exp(TLanes.Subtract(default, g))));
            TLanes.Store(TLanes.Multiply(silu, TLanes.Load(up + i)), y + i);
        }

        return i;
    }

    /// <summary>Whole vectors of the backward pass; returns how many elements they had.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static int Backward<TLanes, V>(float* dy, float* gate, float* up, float* dGate, float* dUp, int length)
        where TLanes : struct, ILanes<V>
        where V : struct
    {
        int i = 0;
        for (; i <= length - TLanes.Count; i += TLanes.Count)
        {
            V d = TLanes.Load(dy + i), g = TLanes.Load(gate + i), one = TLanes.All(1);
            V s = TLanes.Divide(one, TLanes.Add(one, TLanes.Exp(TLanes.Subtract(default, g))));
            V slope = TLanes.Multiply(s, TLanes.MultiplyAdd(g, TLanes.Subtract(one, s), one));
            // One after the other: with the same tensor as gate and up, both sums are the same memory.
            TLanes.Store(TLanes.MultiplyAdd(TLanes.Multiply(d, TLanes.Load(up + i)), slope, TLanes.Load(dGate + i)), dGate + i);
            TLanes.Store(TLanes.MultiplyAdd(TLanes.Multiply(d, g), s, TLanes.Load(dUp + i)), dUp + i);
        }

        return i;
    }
}
