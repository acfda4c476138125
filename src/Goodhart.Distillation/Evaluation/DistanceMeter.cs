using Goodhart.Distillation.Data;
using Goodhart.Distillation.Teachers;
using Goodhart.Engine.Autograd;
using Goodhart.Engine.Tensors;
using Goodhart.Engine.Threading;
using Goodhart.Models;

namespace Goodhart.Distillation.Evaluation;

/// <summary>Distances of a student from a reference along given completions, over the full vocabulary.</summary>
/// <param name="reference">The oracle or the teacher.</param>
/// <param name="workers">The threads to use.</param>
public sealed class DistanceMeter(ITeacher reference, Workers workers)
{
    const int BatchSize = 16;

    readonly Tape _tape = new(workers, recording: false) { KeepsPackedWeights = true };

    /// <summary>KL(reference || student) and the symmetric Jensen-Shannon divergence.</summary>
    public (Estimate ForwardKl, Estimate Jsd) Distances(ICausalLm student, IReadOnlyList<Example> examples)
    {
        _tape.ForgetPackedWeights();
        List<(double, int)> forward = [], jsd = [];
        foreach (Example[] chunk in examples.Chunk(BatchSize))
        {
            ExampleBatch batch = new(chunk);
            _tape.Reset();
            Tensor expected = Scoring.Logits(_tape, reference.Project(batch)), logits = Scoring.CompletionLogits(_tape, student, batch);
            Scoring.AddSums(batch, _tape.ForwardKl(logits, expected), forward);
            Scoring.AddSums(batch, _tape.JensenShannon(logits, expected), jsd);
        }

        return (Estimate.Of(forward), Estimate.Of(jsd));
    }
}
