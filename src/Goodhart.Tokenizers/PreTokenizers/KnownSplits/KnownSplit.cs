namespace Goodhart.Tokenizers.PreTokenizers.KnownSplits;

/// <summary>A published split pattern that is matched by hand: the same matches as the regular expression, sooner.</summary>
/// <remarks>Each of these matches every character of any text, so the list of ends says it all.</remarks>
sealed class KnownSplit
{
    delegate int EndOfNext(ReadOnlySpan<char> text, int start);

    readonly EndOfNext _endOfNext;

    KnownSplit(string pattern, EndOfNext endOfNext)
    {
        Pattern = pattern;
        _endOfNext = endOfNext;
    }

    /// <summary>
    /// English clitics; words, numbers and other signs, each with the space before it; white space, which leaves its last
    /// character to the word that follows.
    /// </summary>
    public static KnownSplit Gpt2 { get; } = new(
        @"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+", Gpt2Split.EndOfNext);

    /// <summary>
    /// Clitics in either case; words with one sign before them; numbers of at most three digits; other signs with the line
    /// breaks after them; white space up to its last line break.
    /// </summary>
    public static KnownSplit Llama3 { get; } = new(
        Llama3Pattern(@"\p{N}{1,3}"), static (text, start) => Llama3Split.EndOfNext(text, start, mostDigits: 3));

    /// <summary>Llama 3's, digit by digit.</summary>
    public static KnownSplit Qwen2 { get; } = new(
        Llama3Pattern(@"\p{N}"), static (text, start) => Llama3Split.EndOfNext(text, start, mostDigits: 1));

    public static IReadOnlyList<KnownSplit> All { get; } = [Gpt2, Llama3, Qwen2];

    /// <summary>The pattern as files state it.</summary>
    public string Pattern { get; }

    /// <summary>Appends the end of each match, in order.</summary>
    public void AddEnds(ReadOnlySpan<char> text, List<int> ends)
    {
        for (int at = 0; at < text.Length;)
            ends.Add(at = _endOfNext(text, at));
    }

    static string Llama3Pattern(string digits) =>
        @"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|" + digits
        + @"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";
}
