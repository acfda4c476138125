using Goodhart.Engine.Kernels.Simd;

namespace Goodhart.Engine.Kernels.Divergences;

/// <summary>A distance f between next-token distributions, p of the teacher and q of the student, as sums over the vocabulary.</summary>
/// <remarks>
/// With z the student's logits, df/dz_i = q_i (g_i - sum_j q_j g_j) where g = df/dq up to a constant; so a divergence states
/// f's terms and <c>q g</c>, and <see cref="DivergenceKernel"/> does the rest. The constant is chosen so that q g is exactly 0 where p = q.
/// </remarks>
interface IDivergence
{
    /// <summary>For a vector of tokens, the terms of f and q df/dq.</summary>
    (V Term, V Slope) At<TLanes, V>(V p, V logP, V q, V logQ) where TLanes : struct, ILanes<V> where V : struct;
}
