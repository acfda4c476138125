namespace Goodhart.Tokenizers.Decoders;

/// <summary>Reads the frames of a CTC model: repetitions count once, padding not at all.</summary>
sealed class CtcDecoder(string padding, string wordDelimiter, bool cleansUp) : IDecoder
{
    public IReadOnlyList<string> Decode(IReadOnlyList<string> tokens) =>
        [.. tokens.Where((token, i) => i == 0 || token != tokens[i - 1]).Select(Text).Where(text => text.Length > 0)];

    string Text(string token)
    {
        string text = Without(token, padding, "");
        return cleansUp ? Without(WordPieceDecoder.CleanUp(text), wordDelimiter, " ") : text;
    }

    static string Without(string text, string part, string instead) =>
        part.Length == 0 ? text : text.Replace(part, instead, StringComparison.Ordinal);
}
