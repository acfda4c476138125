namespace Goodhart.Tokenizers.Decoders;

/// <summary>Joins all tokens into one, with a text between them.</summary>
sealed class FuseDecoder(string separator) : IDecoder
{
    public IReadOnlyList<string> Decode(IReadOnlyList<string> tokens) => [string.Join(separator, tokens)];
}
