using Goodhart.Tokenizers.PreTokenizers;

namespace Goodhart.Tokenizers.Decoders;

/// <summary>Turns the marks back into spaces, and drops those of the first token unless the scheme is never.</summary>
sealed class MetaspaceDecoder(char replacement, PrependScheme prepend) : IDecoder
{
    public IReadOnlyList<string> Decode(IReadOnlyList<string> tokens) =>
        [.. tokens.Select((token, i) => i == 0 && prepend != PrependScheme.Never
            ? token.Replace($"{replacement}", "", StringComparison.Ordinal)
            : token.Replace(replacement, ' '))];
}
