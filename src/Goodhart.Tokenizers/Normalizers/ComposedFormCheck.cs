using System.Buffers;

namespace Goodhart.Tokenizers.Normalizers;

/// <summary>Stands for NFC: passes text that surely is in Unicode form C, and refuses the rest.</summary>
/// <remarks>
/// Where globalization is invariant, .NET has no tables for <see cref="string.Normalize()"/> and hands text back
/// as it came, without an error. Composing for real would need tables of our own.
/// </remarks>
sealed class ComposedFormCheck(string where) : INormalizer
{
    // Ranges whose characters are starters, equal to their own form C, and never composed with one before them.
    // From the Unicode character database; scripts with combining marks are left out.
    static readonly (char First, char Last)[] ComposedRanges =
    [
        ('\u0000', '\u02FF'), // Latin, phonetics
        ('\u0388', '\u0482'), ('\u048A', '\u0590'), // Greek, Cyrillic, Armenian
        ('\u05C8', '\u060F'), ('\u0620', '\u064A'), ('\u0660', '\u066F'), ('\u0671', '\u06D5'), // Hebrew, Arabic
        ('\u2002', '\u20CF'), ('\u2100', '\u2125'), ('\u212C', '\u2328'), ('\u232B', '\u2ADB'), // punctuation, symbols
        ('\u2E80', '\u3029'), ('\u3030', '\u3098'), ('\u309B', '\uA66E'), ('\uAC00', '\uD7A3'), // East Asia
        ('\uD83C', '\uD83E'), ('\uDC00', '\uDFFF'), // U+1F000 to U+1FBFF: pictographs
        ('\uE000', '\uF8FF'), ('\uFB50', '\uFE1F'), ('\uFE30', '\uFFFF'), // private use, presentation forms
    ];

    static readonly SearchValues<char> Composed = SearchValues.Create([.. ComposedRanges
        .SelectMany(range => Enumerable.Range(range.First, range.Last - range.First + 1))
        .Select(c => (char)c)]);

    public string Normalize(string text)
    {
        int at = text.AsSpan().IndexOfAnyExcept(Composed);
        return at < 0
            ? text
            : throw new TokenizerException(
                $"{where}: composing is not supported, and U+{char.ConvertToUtf32(text, at):X4} at index {at} may need it.");
    }
}
