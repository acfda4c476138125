namespace Goodhart.Tokenizers.Decoders;

/// <summary>Drops up to so many of one character from the start and the end of every token.</summary>
sealed class StripDecoder(char content, int start, int stop) : IDecoder
{
    public IReadOnlyList<string> Decode(IReadOnlyList<string> tokens) => [.. tokens.Select(Strip)];

    string Strip(string token)
    {
        int from = 0, to = token.Length;
        while (from < to && from < start && token[from] == content)
            from++;
        while (to > from && token.Length - to < stop && token[to - 1] == content)
            to--;
        return token[from..to];
    }
}
