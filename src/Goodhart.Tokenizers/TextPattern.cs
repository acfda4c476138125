using System.Text;
using Goodhart.Tokenizers.PreTokenizers.KnownSplits;

namespace Goodhart.Tokenizers;

/// <summary>What a component looks for: a literal text or a regular expression.</summary>
sealed class TextPattern
{
    readonly string _literal = "";
    readonly CodePointRegex? _regex;
    readonly KnownSplit? _known;

    public TextPattern(string literal) => _literal = literal;

    public TextPattern(CodePointRegex regex) => _regex = regex;

    TextPattern(KnownSplit known) => _known = known;

    /// <summary>Reads <c>{"String": ...}</c> or <c>{"Regex": ...}</c>.</summary>
    public static TextPattern Read(JsonSection section)
    {
        if (section.Find("Regex") is not JsonSection regex)
            return new TextPattern(section.TextOf("String"));

        string pattern = regex.Text();
        return KnownSplit.All.FirstOrDefault(known => known.Pattern == pattern) is KnownSplit known
            ? new TextPattern(known)
            : new TextPattern(new CodePointRegex(pattern, regex.Path));
    }

    /// <summary>Start and end of each match, in order; an empty literal matches nowhere.</summary>
    public List<(int Start, int End)> Matches(ReadOnlySpan<char> text)
    {
        if (_regex is not null)
            return _regex.Matches(text);

        List<(int Start, int End)> matches = [];
        if (_known is not null)
        {
            List<int> ends = [];
            _known.AddEnds(text, ends);
            matches.AddRange(ends.Select((end, i) => (i == 0 ? 0 : ends[i - 1], end)));
        }

        if (_literal.Length == 0)
            return matches;

        for (int at = 0, offset; (offset = text[at..].IndexOf(_literal)) >= 0; at += offset + _literal.Length)
            matches.Add((at + offset, at + offset + _literal.Length));
        return matches;
    }

    /// <summary>Start and end of each single character of a kind, in order.</summary>
    public static List<(int Start, int End)> Characters(ReadOnlySpan<char> text, Func<Rune, bool> isOfKind)
    {
        List<(int Start, int End)> matches = [];
        int at = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (isOfKind(rune))
                matches.Add((at, at + rune.Utf16SequenceLength));
            at += rune.Utf16SequenceLength;
        }

        return matches;
    }
}
