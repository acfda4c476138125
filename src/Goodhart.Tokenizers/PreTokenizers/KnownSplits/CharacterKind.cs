using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace Goodhart.Tokenizers.PreTokenizers.KnownSplits;

/// <summary>The four kinds of characters that the known patterns tell apart; every character is of one.</summary>
enum CharacterKind : byte
{
    /// <summary><c>\p{L}</c>.</summary>
    Letter,

    /// <summary><c>\p{N}</c>.</summary>
    Number,

    /// <summary><c>\s</c>.</summary>
    Space,

    /// <summary><c>[^\s\p{L}\p{N}]</c>.</summary>
    Sign,
}

/// <summary>Tells the kind of characters, and where a run of one kind ends.</summary>
static class CharacterKinds
{
    static readonly CharacterKind[] OfChar = [.. Enumerable.Range(0, 0x10000).Select(c => Of((char)c))];

    /// <summary>The kind of the character at an index, and how many UTF-16 units it takes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static CharacterKind At(ReadOnlySpan<char> text, int at, out int length)
    {
        char c = text[at];
        length = 1;
        return char.IsHighSurrogate(c) ? OfPair(text[at..], out length) : OfChar[c];
    }

    /// <summary>The end of the run of one kind that goes on at an index, of so many characters at most.</summary>
    public static int EndOfRun(ReadOnlySpan<char> text, int at, CharacterKind kind, int most = int.MaxValue)
    {
        for (; most > 0 && at < text.Length && At(text, at, out int length) == kind; most--)
            at += length;
        return at;
    }

    /// <summary><c>\s+(?!\S)|\s+</c>: a run leaves its last character to what follows, unless that is all it has.</summary>
    public static int EndOfSpace(ReadOnlySpan<char> text, int start)
    {
        int end = EndOfRun(text, start, CharacterKind.Space);
        return end < text.Length && end - start > 1 ? end - 1 : end;
    }

    static CharacterKind OfPair(ReadOnlySpan<char> text, out int length)
    {
        Rune.DecodeFromUtf16(text, out Rune rune, out length);
        return Of(Rune.GetUnicodeCategory(rune));
    }

    static CharacterKind Of(char c) => char.IsWhiteSpace(c) ? CharacterKind.Space : Of(char.GetUnicodeCategory(c));

    static CharacterKind Of(UnicodeCategory category) => category switch
    {
        <= UnicodeCategory.OtherLetter => CharacterKind.Letter,
        UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber => CharacterKind.Number,
        _ => CharacterKind.Sign,
    };
}
