namespace Goodhart.Tokenizers.Normalizers;

/// <summary>Rewrites text before it is split.</summary>
interface INormalizer
{
    string Normalize(string text);
}
