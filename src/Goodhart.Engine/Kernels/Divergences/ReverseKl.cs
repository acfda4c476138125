using System.Runtime.Intrinsics;

namespace Goodhart.Engine.Kernels.Divergences;

/// <summary>KL(q || p) = sum q (log q - log p); df/dq = log q - log p + 1, of which the 1 is the free constant.</summary>
/// <remarks>The terms carry p - q, which adds up to 0: each is then at least 0, and an error that all logs share cancels.</remarks>
readonly struct ReverseKl : IDivergence
{
    public Vector256<float> Term(Vector256<float> p, Vector256<float> logP, Vector256<float> q, Vector256<float> logQ) =>
        Vector256.FusedMultiplyAdd(q, logQ - logP, p - q);

    public Vector256<float> Slope(Vector256<float> p, Vector256<float> logP, Vector256<float> q, Vector256<float> logQ) => q * (logQ - logP);
}
