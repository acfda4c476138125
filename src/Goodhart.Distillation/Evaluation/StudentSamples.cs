using Goodhart.Distillation.Data;
using Goodhart.Engine.Autograd;
using Goodhart.Engine.Randomness;
using Goodhart.Engine.Tensors;
using Goodhart.Engine.Threading;
using Goodhart.Models;
using Goodhart.Models.Generation;

namespace Goodhart.Distillation.Evaluation;

/// <summary>Reverse divergences: the student writes to held-out prompts, and references say how likely they find it.</summary>
/// <param name="prompts">Held-out prompts.</param>
/// <param name="options">How the student writes: at temperature 1, without truncation, for a divergence of its own distribution.</param>
/// <param name="streamOf">The random stream of a prompt, the same at every evaluation.</param>
/// <param name="workers">The threads to use.</param>
public sealed class StudentSamples(IReadOnlyList<int[]> prompts, GenerationOptions options, Func<int, Rng> streamOf, Workers workers)
{
    const int BatchSize = 16;

    readonly Tape _studentTape = new(workers, recording: false) { KeepsPackedWeights = true };
    readonly Tape _referenceTape = new(workers, recording: false) { KeepsPackedWeights = true };

    /// <summary>KL(student || reference) for each reference, along the student's own samples.</summary>
    public Estimate[] ReverseKl(ICausalLm student, params IReadOnlyList<ICausalLm> references)
    {
        _studentTape.ForgetPackedWeights();
        Completion[] written = new Generator(student, workers).Generate(prompts, options, streamOf);
        IEnumerable<Example> examples = prompts.Zip(written, (prompt, completion) => Example.Of(prompt, completion.Ids));
        List<(double, int)>[] sums = [.. references.Select(_ => new List<(double, int)>())];
        foreach (Example[] chunk in examples.Chunk(BatchSize))
        {
            ExampleBatch batch = new(chunk);
            _studentTape.Reset();
            Tensor logits = Scoring.CompletionLogits(_studentTape, student, batch);
            for (int i = 0; i < references.Count; i++)
            {
                _referenceTape.Reset();
                Tensor reference = Scoring.CompletionLogits(_referenceTape, references[i], batch);
                Scoring.AddSums(batch, _studentTape.ReverseKl(logits, reference), sums[i]);
            }
        }

        return [.. sums.Select(Estimate.Of)];
    }
}
