using Goodhart.Tokenizers.Normalizers;

namespace Goodhart.Tokenizers.Decoders;

/// <summary>Puts a fixed text in place of every match inside a token.</summary>
sealed class ReplaceDecoder(ReplaceNormalizer replace) : IDecoder
{
    public IReadOnlyList<string> Decode(IReadOnlyList<string> tokens) => [.. tokens.Select(replace.Normalize)];
}
