using System.Buffers;
using System.Globalization;
using System.Text;

namespace Goodhart.Tokenizers.AddedTokens;

/// <summary>A stretch of text that is one added token (then <paramref name="Id"/> says which), or is none.</summary>
readonly record struct Segment(int Start, int End, int? Id);

/// <summary>Finds added tokens in a text: the leftmost first, and the longest of those that begin there.</summary>
sealed class AddedTokenFinder
{
    readonly SearchValues<string> _contents;
    readonly Dictionary<char, (string Content, AddedToken Token)[]> _longestFirst;

    public AddedTokenFinder(IEnumerable<(string Content, AddedToken Token)> tokens)
    {
        _longestFirst = tokens
            .GroupBy(t => t.Content[0])
            .ToDictionary(g => g.Key, g => g.OrderByDescending(t => t.Content.Length).ToArray());
        _contents = SearchValues.Create(
            [.. _longestFirst.Values.SelectMany(group => group.Select(t => t.Content))], StringComparison.Ordinal);
    }

    /// <summary>The whole text, in order.</summary>
    public List<Segment> Segments(string text)
    {
        List<Segment> segments = [];
        int done = 0;
        for (int from = 0; Next(text, from) is (int at, string content, AddedToken token);)
        {
            from = at + content.Length;
            if (token.IsSingleWord && (EndsInWord(text.AsSpan(0, at)) || StartsWithWord(text.AsSpan(from))))
                continue;

            int start = token.StripsLeft ? text.AsSpan(0, at).TrimEnd().Length : at;
            start = Math.Max(start, done);
            int end = token.StripsRight ? text.Length - text.AsSpan(from).TrimStart().Length : from;
            if (start > done)
                segments.Add(new Segment(done, start, null));
            segments.Add(new Segment(start, end, token.Id));
            done = from = end;
        }

        if (done < text.Length)
            segments.Add(new Segment(done, text.Length, null));
        return segments;
    }

    (int At, string Content, AddedToken Token)? Next(string text, int from)
    {
        int offset = text.AsSpan(from).IndexOfAny(_contents);
        if (offset < 0)
            return null;

        int at = from + offset;
        ReadOnlySpan<char> rest = text.AsSpan(at);
        foreach ((string content, AddedToken token) in _longestFirst[rest[0]])
        {
            if (rest.StartsWith(content, StringComparison.Ordinal))
                return (at, content, token);
        }

        return null;
    }

    static bool EndsInWord(ReadOnlySpan<char> text) =>
        Rune.DecodeLastFromUtf16(text, out Rune last, out _) == OperationStatus.Done && IsWordCharacter(last);

    static bool StartsWithWord(ReadOnlySpan<char> text) =>
        Rune.DecodeFromUtf16(text, out Rune first, out _) == OperationStatus.Done && IsWordCharacter(first);

    static bool IsWordCharacter(Rune rune) => Rune.IsLetter(rune) || Rune.GetUnicodeCategory(rune)
        is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark
        or UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.ConnectorPunctuation;
}
