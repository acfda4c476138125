using Goodhart.Distillation.Data;
using Goodhart.Distillation.Evaluation;
using Goodhart.Engine.Autograd;
using Goodhart.Engine.Threading;
using Goodhart.Models;

namespace Goodhart.Distillation.Teachers;

/// <summary>A model that is asked at every step.</summary>
/// <param name="model">Must not change.</param>
/// <param name="workers">The threads to use.</param>
/// <param name="keepsPackedWeights">Whether a second copy of its weights, laid out for multiplication, is kept; without it a call takes some percent longer.</param>
public sealed class LiveTeacher(ICausalLm model, Workers workers, bool keepsPackedWeights = true) : ITeacher
{
    readonly Tape _tape = new(workers, recording: false) { KeepsPackedWeights = keepsPackedWeights };

    /// <inheritdoc/>
    public Projection Project(ExampleBatch batch)
    {
        _tape.Reset();
        return Scoring.Completions(_tape, model, batch);
    }
}
