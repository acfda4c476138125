namespace Goodhart.Tokenizers.Decoders;

/// <summary>Applies decoders one after the other.</summary>
sealed class DecoderSequence(IReadOnlyList<IDecoder> steps) : IDecoder
{
    public IReadOnlyList<string> Decode(IReadOnlyList<string> tokens) =>
        steps.Aggregate(tokens, (soFar, step) => step.Decode(soFar));
}
