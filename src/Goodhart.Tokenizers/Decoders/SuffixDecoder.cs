namespace Goodhart.Tokenizers.Decoders;

/// <summary>Makes the mark that ends words a space, and drops it from the last token.</summary>
sealed class SuffixDecoder(string suffix) : IDecoder
{
    public IReadOnlyList<string> Decode(IReadOnlyList<string> tokens) => suffix.Length == 0
        ? tokens
        : [.. tokens.Select((token, i) => token.Replace(suffix, i == tokens.Count - 1 ? "" : " ", StringComparison.Ordinal))];
}
