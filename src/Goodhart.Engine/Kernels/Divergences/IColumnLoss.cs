using Goodhart.Engine.Kernels.Simd;

namespace Goodhart.Engine.Kernels.Divergences;

/// <summary>A loss of next-token distributions whose logits lie as columns: [V, lanes], one row of the batch in each lane.</summary>
/// <remarks>So the sums over the vocabulary are whole vectors, and the gradient takes the place of the student's logits.</remarks>
unsafe interface IColumnLoss
{
    /// <summary>Whether the teacher's logits are read.</summary>
    bool NeedsTeacher { get; }

    /// <summary>Computes one vector of columns.</summary>
    /// <param name="student">Logits, element (v, lane) at [v stride + lane]; overwritten by d(weight loss)/d(logit) if that is wanted.</param>
    /// <param name="teacher">Logits of the same layout, used as scratch; not read where there is none.</param>
    /// <param name="stride">Floats from a token to the next.</param>
    /// <param name="vocabulary">V.</param>
    /// <param name="targets">The token of each lane that belongs to the batch; the lanes after them are padding.</param>
    /// <param name="weight">Of each row in the total.</param>
    /// <param name="wantsGradient">Whether the gradient is wanted.</param>
    /// <returns>The loss of each row, unweighted.</returns>
    V Columns<TLanes, V>(float* student, float* teacher, int stride, int vocabulary, ReadOnlySpan<int> targets, float weight, bool wantsGradient)
        where TLanes : struct, ILanes<V>
        where V : struct;
}
