using Goodhart.Distillation.Data;
using Goodhart.Engine.Autograd;
using Goodhart.Engine.Tensors;
using Goodhart.Engine.Threading;
using Goodhart.Models.Architectures.Llama;

namespace Goodhart.Distillation.Evaluation;

/// <summary>Completions that a reference model wrote to held-out prompts, drawn once, and its distributions along them.</summary>
/// <remarks>
/// The chain rule makes the sum of exact token divergences along the reference's own samples an unbiased estimate of the
/// divergence between whole completions; the same samples at every evaluation keep the noise out of comparisons between steps.
/// </remarks>
public sealed class ReferenceSet
{
    const int BatchSize = 64;

    /// <summary>Above this many bytes the reference's logits are computed again at each evaluation.</summary>
    const long LargestStore = 256L << 20;

    readonly LlamaModel _reference;
    readonly ExampleBatch[] _batches;
    readonly Tensor?[] _stored;
    readonly Tape _studentTape, _referenceTape;

    /// <param name="reference">The oracle or the teacher; must not change.</param>
    /// <param name="examples">Held-out prompts with the reference's completions.</param>
    /// <param name="workers">The threads to use.</param>
    public ReferenceSet(LlamaModel reference, IReadOnlyList<Example> examples, Workers workers)
    {
        _reference = reference;
        _studentTape = new Tape(workers, recording: false) { KeepsPackedWeights = true };
        _referenceTape = new Tape(workers, recording: false) { KeepsPackedWeights = true };
        _batches = [.. examples.Chunk(BatchSize).Select(chunk => new ExampleBatch(chunk))];
        _stored = new Tensor?[_batches.Length];
        long bytes = examples.Sum(e => (long)e.CompletionLength) * reference.Config.VocabSize * sizeof(float);
        if (bytes <= LargestStore)
            Store();
    }

    /// <summary>KL(reference || student) and the symmetric Jensen-Shannon divergence.</summary>
    public (Estimate ForwardKl, Estimate Jsd) Distances(LlamaModel student)
    {
        _studentTape.ForgetPackedWeights();
        List<(double, int)> forward = [], jsd = [];
        for (int i = 0; i < _batches.Length; i++)
        {
            _studentTape.Reset();
            Tensor reference = _stored[i] ?? ReferenceLogits(_batches[i]), logits = Scoring.CompletionLogits(_studentTape, student, _batches[i]);
            Scoring.AddSums(_batches[i], _studentTape.ForwardKl(logits, reference), forward);
            Scoring.AddSums(_batches[i], _studentTape.JensenShannon(logits, reference), jsd);
        }

        return (Estimate.Of(forward), Estimate.Of(jsd));
    }

    Tensor ReferenceLogits(ExampleBatch batch)
    {
        _referenceTape.Reset();
        return Scoring.CompletionLogits(_referenceTape, _reference, batch);
    }

    void Store()
    {
        for (int i = 0; i < _batches.Length; i++)
        {
            Tensor logits = ReferenceLogits(_batches[i]);
            _stored[i] = Tensor.Constant(logits.Data.ToArray(), logits.Shape);
        }
    }
}
