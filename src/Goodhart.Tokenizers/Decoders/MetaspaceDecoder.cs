using Goodhart.Tokenizers.PreTokenizers;

namespace Goodhart.Tokenizers.Decoders;

/// <summary>Turns the marks back into spaces, and drops those of the first token unless none are ever put there.</summary>
sealed class MetaspaceDecoder(char replacement, PrependScheme prepend) : IDecoder
{
    public IReadOnlyList<string> Decode(IReadOnlyList<string> tokens) => [.. tokens.Select((token, i) =>
        token.Replace($"{replacement}", i == 0 && prepend != PrependScheme.Never ? "" : " ", StringComparison.Ordinal))];
}
