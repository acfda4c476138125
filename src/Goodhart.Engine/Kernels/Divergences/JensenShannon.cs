using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Goodhart.Engine.Kernels.Simd;

namespace Goodhart.Engine.Kernels.Divergences;

/// <summary>beta KL(p || m) + (1 - beta) KL(q || m) with m = beta p + (1 - beta) q (Agarwal et al. 2023, GKD); 0 &lt; beta &lt; 1.</summary>
/// <remarks>
/// df/dq = (1 - beta) (log q - log m): the other terms add up to a constant. log q - log m = -log(1 + beta (p / q - 1)) is
/// exactly 0 where p = q, and log p - log m follows from it. A ratio beyond e^80 is cut there: the smaller side's share is then 0.
/// </remarks>
readonly struct JensenShannon(float beta) : IDivergence
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public (Vector256<float> Term, Vector256<float> Slope) At(Vector256<float> p, Vector256<float> logP, Vector256<float> q, Vector256<float> logQ)
    {
        Vector256<float> ratio = LogRatio(logP, logQ), logQOverM = LogQOverM(ratio), slope = (1 - beta) * q * logQOverM;
        return (beta * p * (ratio + logQOverM) + slope, slope);
    }

    Vector256<float> LogQOverM(Vector256<float> logRatio) =>
        -Log.Of(Vector256.FusedMultiplyAdd(Vector256.Create(beta), Exp.Of(logRatio) - Vector256<float>.One, Vector256<float>.One));

    static Vector256<float> LogRatio(Vector256<float> logP, Vector256<float> logQ)
    {
        Vector256<float> limit = Vector256.Create(80f), ratio = logP - logQ;
        ratio = Vector256.ConditionalSelect(Vector256.GreaterThan(ratio, limit), limit, ratio);
        return Vector256.ConditionalSelect(Vector256.LessThan(ratio, -limit), -limit, ratio);
    }
}
