using System.Runtime.Intrinsics;

namespace Goodhart.Engine.Kernels.Divergences;

/// <summary>A distance f between next-token distributions, p of the teacher and q of the student, as sums over the vocabulary.</summary>
/// <remarks>
/// With z the student's logits, df/dz_i = q_i (g_i - sum_j q_j g_j) where g = df/dq up to a constant; so a divergence states
/// f's terms and <c>q g</c>, and <see cref="DivergenceKernel"/> does the rest. The constant is chosen so that q g is exactly 0 where p = q.
/// </remarks>
interface IDivergence
{
    /// <summary>For eight tokens, the terms of f and q df/dq.</summary>
    (Vector256<float> Term, Vector256<float> Slope) At(Vector256<float> p, Vector256<float> logP, Vector256<float> q, Vector256<float> logQ);
}
