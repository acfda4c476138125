namespace Goodhart.Tokenizers.Normalizers;

/// <summary>Applies normalizers one after the other; none leaves the text as it is.</summary>
sealed class NormalizerSequence(IReadOnlyList<INormalizer> steps) : INormalizer
{
    public string Normalize(string text)
    {
        string soFar = text;
        foreach (INormalizer step in steps)
        {
            soFar = step.Normalize(soFar);
            Growth.Check(text.Length, soFar.Length);
        }

        return soFar;
    }
}
