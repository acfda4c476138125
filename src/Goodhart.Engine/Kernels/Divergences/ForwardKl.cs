using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Goodhart.Engine.Kernels.Divergences;

/// <summary>KL(p || q) = sum p (log p - log q); q df/dq = -p, plus q as the free constant.</summary>
readonly struct ForwardKl : IDivergence
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public (Vector256<float> Term, Vector256<float> Slope) At(Vector256<float> p, Vector256<float> logP, Vector256<float> q, Vector256<float> logQ) =>
        (p * (logP - logQ), q - p);
}
