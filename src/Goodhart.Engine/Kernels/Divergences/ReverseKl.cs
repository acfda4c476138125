using System.Runtime.CompilerServices;
using Goodhart.Engine.Kernels.Simd;

namespace Goodhart.Engine.Kernels.Divergences;

/// <summary>KL(q || p) = sum q (log q - log p); df/dq = log q - log p + 1, of which the 1 is the free constant.</summary>
/// <remarks>The terms carry p - q, which adds up to 0: each is then at least 0, and an error that all logs share cancels.</remarks>
readonly struct ReverseKl : IDivergence
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public (V Term, V Slope) At<TLanes, V>(V p, V logP, V q, V logQ) where TLanes : struct, ILanes<V> where V : struct
    {
        V slope = TLanes.Multiply(q, TLanes.Subtract(logQ, logP));
        return (TLanes.Add(slope, TLanes.Subtract(p, q)), slope);
    }
}
