using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Goodhart.Engine.Kernels.Simd;

namespace Goodhart.Engine.Kernels;

/// <summary>y = silu(gate) * up with silu(g) = g / (1 + e^-g), elementwise (Shazeer 2020).</summary>
static class SwiGluKernel
{
    /// <param name="gate">Any length.</param>
    /// <param name="up">The same length.</param>
    /// <param name="y">The same length, overwritten.</param>
    public static void Forward(ReadOnlySpan<float> gate, ReadOnlySpan<float> up, Span<float> y)
    {
        Debug.Assert(gate.Length == up.Length && gate.Length == y.Length);
        int i = 0;
        if (Vector256.IsHardwareAccelerated)
        {
            ref float pg = ref MemoryMarshal.GetReference(gate), pu = ref MemoryMarshal.GetReference(up), py = ref MemoryMarshal.GetReference(y);
            for (; i <= gate.Length - Vector256<float>.Count; i += Vector256<float>.Count)
            {
                Vector256<float> g = Vector256.LoadUnsafe(ref pg, (nuint)i);
                Vector256<float> silu = g / (Vector256<float>.One + Exp.Of(-g));
                (silu * Vector256.LoadUnsafe(ref pu, (nuint)i)).StoreUnsafe(ref py, (nuint)i);
            }
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
        if (Vector256.IsHardwareAccelerated && !dGate.IsEmpty && !dUp.IsEmpty)
        {
            ref float pd = ref MemoryMarshal.GetReference(dy), pg = ref MemoryMarshal.GetReference(gate), pu = ref MemoryMarshal.GetReference(up);
            ref float pdg = ref MemoryMarshal.GetReference(dGate), pdu = ref MemoryMarshal.GetReference(dUp);
            for (; i <= gate.Length - Vector256<float>.Count; i += Vector256<float>.Count)
            {
                Vector256<float> d = Vector256.LoadUnsafe(ref pd, (nuint)i), g = Vector256.LoadUnsafe(ref pg, (nuint)i);
                Vector256<float> s = Vector256<float>.One / (Vector256<float>.One + Exp.Of(-g));
                Vector256<float> slope = s * Vector256.FusedMultiplyAdd(g, Vector256<float>.One - s, Vector256<float>.One);
                // One after the other: with the same tensor as gate and up, both sums are the same memory.
                Vector256.FusedMultiplyAdd(d * Vector256.LoadUnsafe(ref pu, (nuint)i), slope, Vector256.LoadUnsafe(ref pdg, (nuint)i)).StoreUnsafe(ref pdg, (nuint)i);
                Vector256.FusedMultiplyAdd(d * g, s, Vector256.LoadUnsafe(ref pdu, (nuint)i)).StoreUnsafe(ref pdu, (nuint)i);
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
}
