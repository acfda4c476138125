using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Goodhart.Engine.Kernels.Divergences;

/// <summary>KL(q || p) = sum q (log q - log p); df/dq = log q - log p + 1, of which the 1 is the free constant.</summary>
readonly struct ReverseKl : IDivergence
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public (Vector256<float> Term, Vector256<float> Slope) At(Vector256<float> p, Vector256<float> logP, Vector256<float> q, Vector256<float> logQ)
    {
        Vector256<float> term = q * (logQ - logP);
        return (term, term);
    }
}
