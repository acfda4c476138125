namespace Goodhart.Tokenizers.Normalizers;

/// <summary>Puts a prefix before every text that is not empty.</summary>
sealed class PrependNormalizer(string prefix) : INormalizer
{
    public string Normalize(string text) => text.Length == 0 ? text : prefix + text;
}
