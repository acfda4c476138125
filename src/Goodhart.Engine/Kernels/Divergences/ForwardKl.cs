using System.Runtime.Intrinsics;

namespace Goodhart.Engine.Kernels.Divergences;

/// <summary>KL(p || q) = sum p (log p - log q); q df/dq = -p, plus q as the free constant.</summary>
/// <remarks>The terms carry q - p, which adds up to 0: each is then at least 0, and an error that all logs share cancels.</remarks>
readonly struct ForwardKl : IDivergence
{
    public Vector256<float> Term(Vector256<float> p, Vector256<float> logP, Vector256<float> q, Vector256<float> logQ) =>
        Vector256.FusedMultiplyAdd(p, logP - logQ, q - p);

    public Vector256<float> Slope(Vector256<float> p, Vector256<float> logP, Vector256<float> q, Vector256<float> logQ) => q - p;
}
