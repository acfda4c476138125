namespace Goodhart.Tokenizers.Decoders;

/// <summary>Joins the pieces of words, puts a space between words, and takes it away before punctuation on request.</summary>
sealed class WordPieceDecoder(string prefix, bool cleansUp) : IDecoder
{
    static readonly (string From, string To)[] CleanUps =
    [
        (" .", "."), (" ?", "?"), (" !", "!"), (" ,", ","), (" ' ", "'"), (" n't", "n't"), (" 'm", "'m"),
        (" do not", " don't"), (" 's", "'s"), (" 've", "'ve"), (" 're", "'re"),
    ];

    public IReadOnlyList<string> Decode(IReadOnlyList<string> tokens) => [.. tokens.Select((token, i) =>
    {
        string text = i == 0 ? token : token.StartsWith(prefix, StringComparison.Ordinal) ? token[prefix.Length..] : $" {token}";
        return cleansUp ? CleanUp(text) : text;
    })];

    public static string CleanUp(string text) =>
        CleanUps.Aggregate(text, (soFar, change) => soFar.Replace(change.From, change.To, StringComparison.Ordinal));
}
