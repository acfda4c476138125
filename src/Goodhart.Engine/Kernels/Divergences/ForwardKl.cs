using System.Runtime.CompilerServices;
using Goodhart.Engine.Kernels.Simd;

namespace Goodhart.Engine.Kernels.Divergences;

/// <summary>KL(p || q) = sum p (log p - log q); q df/dq = -p, plus q as the free constant.</summary>
/// <remarks>The terms carry q - p, which adds up to 0: each is then at least 0, and an error that all logs share cancels.</remarks>
readonly struct ForwardKl : IDivergence
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public (V Term, V Slope) At<TLanes, V>(V p, V logP, V q, V logQ) where TLanes : struct, ILanes<V> where V : struct
    {
        V slope = TLanes.Subtract(q, p);
        return (TLanes.MultiplyAdd(p, TLanes.Subtract(logP, logQ), slope), slope);
    }
}
