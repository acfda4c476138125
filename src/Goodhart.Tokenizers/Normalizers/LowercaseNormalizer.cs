namespace Goodhart.Tokenizers.Normalizers;

/// <summary>Lower case, character by character, whatever the language.</summary>
sealed class LowercaseNormalizer : INormalizer
{
    // The only character whose lower case is two: a dotted capital i.
    public string Normalize(string text) => text.ToLowerInvariant().Replace("\u0130", "i\u0307", StringComparison.Ordinal);
}
