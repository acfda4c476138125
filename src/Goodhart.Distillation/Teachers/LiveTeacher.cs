using Goodhart.Distillation.Data;
using Goodhart.Distillation.Evaluation;
using Goodhart.Engine.Autograd;
using Goodhart.Engine.Threading;
using Goodhart.Models;

namespace Goodhart.Distillation.Teachers;

/// <summary>A model that is asked at every step.</summary>
/// <param name="model">Must not change.</param>
/// <param name="workers">The threads to use.</param>
public sealed class LiveTeacher(ICausalLm model, Workers workers) : ITeacher
{
    readonly Tape _tape = new(workers, recording: false) { KeepsPackedWeights = true };

    /// <inheritdoc/>
    public Projection Project(ExampleBatch batch)
    {
        _tape.Reset();
        return Scoring.Completions(_tape, model, batch);
    }
}
