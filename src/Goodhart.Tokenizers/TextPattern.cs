namespace Goodhart.Tokenizers;

/// <summary>What a component looks for: a literal text or a regular expression.</summary>
sealed class TextPattern
{
    readonly string _literal = "";
    readonly CodePointRegex? _regex;

    public TextPattern(string literal) => _literal = literal;

    public TextPattern(CodePointRegex regex) => _regex = regex;

    /// <summary>Reads <c>{"String": ...}</c> or <c>{"Regex": ...}</c>.</summary>
    public static TextPattern Read(JsonSection section)
    {
        if (section.Find("Regex") is JsonSection regex)
            return new TextPattern(new CodePointRegex(regex.Text(), regex.Path));

        return new TextPattern(section.TextOf("String"));
    }

    /// <summary>Start and end of each match, in order; an empty literal matches nowhere.</summary>
    public List<(int Start, int End)> Matches(string text)
    {
        if (_regex is not null)
            return _regex.Matches(text);

        List<(int Start, int End)> matches = [];
        if (_literal.Length == 0)
            return matches;

        for (int at = 0; (at = text.IndexOf(_literal, at, StringComparison.Ordinal)) >= 0; at += _literal.Length)
            matches.Add((at, at + _literal.Length));
        return matches;
    }
}
