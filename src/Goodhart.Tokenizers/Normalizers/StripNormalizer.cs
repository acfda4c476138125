namespace Goodhart.Tokenizers.Normalizers;

/// <summary>Drops white space at the left, the right or both ends.</summary>
sealed class StripNormalizer(bool left, bool right) : INormalizer
{
    public string Normalize(string text)
    {
        string trimmed = left ? text.TrimStart() : text;
        return right ? trimmed.TrimEnd() : trimmed;
    }
}
