using Goodhart.Engine.Autograd;
using Goodhart.Engine.Randomness;
using Goodhart.Engine.Tensors;
using Goodhart.Engine.Threading;
using Goodhart.Models.Generation;

namespace Goodhart.Models.Architectures.T5;

/// <summary>Writes a target for each source. The encoder runs once; the decoder reads its target again for each token.</summary>
/// <param name="model">Whose words.</param>
/// <param name="workers">The threads to use.</param>
public sealed class T5Generator(T5Model model, Workers workers)
{
    /// <summary>One target for each source.</summary>
    /// <param name="sources">At least one id each.</param>
    /// <param name="options">How to choose tokens and when to end.</param>
    /// <param name="streamOf">The random stream of a source, by its index.</param>
    public Completion[] Generate(IReadOnlyList<int[]> sources, GenerationOptions options, Func<int, Rng> streamOf)
    {
        foreach (string problem in options.Validate())
            throw new ArgumentException("Generate: " + problem, nameof(options));
        if (sources.Any(source => source.Length == 0))
            throw new ArgumentException("Generate: a source should have at least one id.", nameof(sources));
        return [.. sources.Select((source, i) => Generate(source, options, streamOf(i)))];
    }

    Completion Generate(int[] source, GenerationOptions options, Rng rng)
    {
        Tape encoder = new(workers, recording: false), decoder = new(workers, recording: false) { KeepsPackedWeights = true };
        Tensor encoded = model.Encode(encoder, new TokenBatch(source, source.Length), [source.Length]);
        List<int> ids = [model.Config.DecoderStartTokenId];
        while (ids.Count <= options.MaxNewTokens)
        {
            decoder.Reset();
            Tensor hidden = model.Hidden(decoder, new TokenBatch([.. ids], ids.Count), encoded, [source.Length]);
            Tensor last = Tensor.Constant(hidden.Values.Slice((ids.Count - 1) * hidden.Shape.Columns, hidden.Shape.Columns), new Shape(1, hidden.Shape.Columns));
            ids.Add(Sampler.Draw(model.Logits(decoder, last).Row(0), options, rng));
            if (options.StopIds.Contains(ids[^1]))
                return new Completion([.. ids.Skip(1)], FinishReason.Stop);
        }

        return new Completion([.. ids.Skip(1)], FinishReason.Length);
    }
}
