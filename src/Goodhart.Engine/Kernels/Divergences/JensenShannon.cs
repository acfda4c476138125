using System.Runtime.CompilerServices;
using Goodhart.Engine.Kernels.Simd;

namespace Goodhart.Engine.Kernels.Divergences;

/// <summary>beta KL(p || m) + (1 - beta) KL(q || m) with m = beta p + (1 - beta) q (Agarwal et al. 2023, GKD); 0 &lt; beta &lt; 1.</summary>
/// <remarks>
/// df/dq = (1 - beta) (log q - log m): the other terms add up to a constant. log q - log m = -log(1 + beta (p / q - 1)) is
/// exactly 0 where p = q, and log p - log m follows from it. A ratio beyond e^80 is cut there: the smaller side's share is then 0.
/// </remarks>
readonly struct JensenShannon(float beta) : IDivergence
{
    const float Limit = 80;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public (V Term, V Slope) At<TLanes, V>(V p, V logP, V q, V logQ) where TLanes : struct, ILanes<V> where V : struct
    {
        V ratio = TLanes.Max(TLanes.All(-Limit), TLanes.Min(TLanes.All(Limit), TLanes.Subtract(logP, logQ)));
        V mOverQ = TLanes.MultiplyAdd(TLanes.All(beta), TLanes.Subtract(TLanes.Exp(ratio), TLanes.All(1)), TLanes.All(1));
        V logQOverM = TLanes.Subtract(default, TLanes.Log(mOverQ));
        V slope = TLanes.Multiply(TLanes.Multiply(TLanes.All(1 - beta), q), logQOverM);
        return (TLanes.MultiplyAdd(TLanes.Multiply(TLanes.All(beta), p), TLanes.Add(ratio, logQOverM), slope), slope);
    }
}
