using Goodhart.Distillation.Data;
using Goodhart.Distillation.Teachers;
using Goodhart.Engine.Threading;
using Goodhart.Models;

namespace Goodhart.Distillation.Evaluation;

/// <summary>Completions that a reference model wrote to held-out prompts, drawn once, and its distributions along them.</summary>
/// <remarks>
/// The chain rule makes the sum of exact token divergences along the reference's own samples an unbiased estimate of the
/// divergence between whole completions; the same samples at every evaluation keep the noise out of comparisons between steps.
/// </remarks>
/// <param name="reference">The oracle or the teacher; must not change.</param>
/// <param name="examples">Held-out prompts with the reference's completions.</param>
/// <param name="workers">The threads to use.</param>
public sealed class ReferenceSet(ICausalLm reference, IReadOnlyList<Example> examples, Workers workers)
{
    readonly DistanceMeter _meter = new(new CachedTeacher(new LiveTeacher(reference, workers)), workers);

    /// <summary>KL(reference || student) and the symmetric Jensen-Shannon divergence.</summary>
    public (Estimate ForwardKl, Estimate Jsd) Distances(ICausalLm student) => _meter.Distances(student, examples);
}
