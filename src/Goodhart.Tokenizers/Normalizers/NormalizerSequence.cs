namespace Goodhart.Tokenizers.Normalizers;

/// <summary>Applies normalizers one after the other; none leaves the text as it is.</summary>
sealed class NormalizerSequence(IReadOnlyList<INormalizer> steps) : INormalizer
{
    public string Normalize(string text) => steps.Aggregate(text, (soFar, step) => step.Normalize(soFar));
}
