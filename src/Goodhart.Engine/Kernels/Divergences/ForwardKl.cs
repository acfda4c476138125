using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Goodhart.Engine.Kernels.Divergences;

/// <summary>KL(p || q) = sum p (log p - log q); q df/dq = -p, plus q as the free constant.</summary>
/// <remarks>The terms carry q - p, which adds up to 0: each is then at least 0, and an error that all logs share cancels.</remarks>
readonly struct ForwardKl : IDivergence
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public (Vector256<float> Term, Vector256<float> Slope) At(Vector256<float> p, Vector256<float> logP, Vector256<float> q, Vector256<float> logQ)
    {
        Vector256<float> slope = q - p;
        return (Vector256.FusedMultiplyAdd(p, logP - logQ, slope), slope);
    }
}
