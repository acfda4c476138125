using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Goodhart.Engine.Kernels.Divergences;

/// <summary>KL(q || p) = sum q (log q - log p); df/dq = log q - log p + 1, of which the 1 is the free constant.</summary>
/// <remarks>The terms carry p - q, which adds up to 0: each is then at least 0, and an error that all logs share cancels.</remarks>
readonly struct ReverseKl : IDivergence
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public (Vector256<float> Term, Vector256<float> Slope) At(Vector256<float> p, Vector256<float> logP, Vector256<float> q, Vector256<float> logQ)
    {
        Vector256<float> slope = q * (logQ - logP);
        return (slope + (p - q), slope);
    }
}
