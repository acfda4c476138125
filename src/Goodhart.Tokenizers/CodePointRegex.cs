using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Goodhart.Tokenizers;

/// <summary>A regular expression that sees code points, as tokenizer files mean it, not UTF-16 halves.</summary>
/// <remarks>
/// .NET takes each half of a surrogate pair for a character that is neither letter nor digit. So a text that has
/// any is matched through a copy in which one BMP character of the same category stands for each pair.
/// </remarks>
sealed class CodePointRegex
{
    // Multiline since in that dialect ^ and $ always match at lines.
    const RegexOptions Options = RegexOptions.Compiled | RegexOptions.CultureInvariant | RegexOptions.Multiline;

    const int LongestPattern = 1 << 14;

    static readonly TimeSpan Patience = TimeSpan.FromSeconds(10); // for one match

    readonly Regex _regex;
    readonly string _where;

    public CodePointRegex(string pattern, string where)
    {
        _where = where;
        if (pattern.Length > LongestPattern)
            throw new TokenizerException($"{where}: a pattern should have at most {LongestPattern} characters, got {pattern.Length}.");

        try
        {
            _regex = new Regex(RegexDialect.Translate(pattern, where), Options, Patience);
        }
        catch (ArgumentException e)
        {
            throw new TokenizerException($"{where}: the pattern cannot be read: {e.Message}", e);
        }
    }

    /// <summary>Start and end of each match, as indices into the text, in order.</summary>
    public List<(int Start, int End)> Matches(ReadOnlySpan<char> text)
    {
        List<(int Start, int End)> matches = [];
        ReadOnlySpan<char> seen = WithoutPairs(text, out int[]? origin);
        try
        {
            foreach (ValueMatch match in _regex.EnumerateMatches(seen))
            {
                int end = match.Index + match.Length;
                matches.Add(origin is null ? (match.Index, end) : (origin[match.Index], origin[end]));
            }
        }
        catch (RegexMatchTimeoutException e)
        {
            throw new TokenizerException($"{_where}: the pattern takes over {Patience.Seconds} s to match the text.", e);
        }

        return matches;
    }

    static ReadOnlySpan<char> WithoutPairs(ReadOnlySpan<char> text, out int[]? indices)
    {
        indices = null;
        if (!text.ContainsAnyInRange('\uD800', '\uDFFF'))
            return text;

        StringBuilder seen = new(text.Length);
        List<int> origin = new(text.Length + 1);
        int at = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            origin.Add(at);
            seen.Append(rune.IsBmp ? (char)rune.Value : StandIn(Rune.GetUnicodeCategory(rune)));
            at += rune.Utf16SequenceLength;
        }

        origin.Add(at);
        indices = [.. origin];
        return seen.ToString();
    }

    static char StandIn(UnicodeCategory category) => category switch
    {
        UnicodeCategory.UppercaseLetter => '\u00C0',
        UnicodeCategory.LowercaseLetter => '\u00DF',
        UnicodeCategory.ModifierLetter => '\u02B0',
        UnicodeCategory.OtherLetter => '\u00AA',
        UnicodeCategory.NonSpacingMark => '\u0300',
        UnicodeCategory.SpacingCombiningMark => '\u0903',
        UnicodeCategory.DecimalDigitNumber => '\u0660',
        UnicodeCategory.LetterNumber => '\u16EE',
        UnicodeCategory.OtherNumber => '\u00B2',
        UnicodeCategory.Format => '\u00AD',
        UnicodeCategory.PrivateUse => '\uE000',
        UnicodeCategory.DashPunctuation => '\u2010',
        UnicodeCategory.OtherPunctuation => '\u00A1',
        UnicodeCategory.MathSymbol => '\u00AC',
        UnicodeCategory.CurrencySymbol => '\u00A2',
        UnicodeCategory.ModifierSymbol => '\u00A8',
        UnicodeCategory.OtherSymbol => '\u00A6',
        _ => '\u0378', // unassigned; the remaining categories have no member beyond U+FFFF
    };
}
