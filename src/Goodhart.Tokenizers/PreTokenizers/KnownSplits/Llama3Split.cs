namespace Goodhart.Tokenizers.PreTokenizers.KnownSplits;

/// <summary>Matches <see cref="KnownSplit.Llama3"/> and <see cref="KnownSplit.Qwen2"/>.</summary>
static class Llama3Split
{
    public static int EndOfNext(ReadOnlySpan<char> text, int start, int mostDigits)
    {
        if (text[start] == '\'' && LengthOfClitic(text[(start + 1)..]) is int clitic and > 0)
            return start + 1 + clitic;

        CharacterKind first = CharacterKinds.At(text, start, out int length);
        int second = start + length;
        if (first == CharacterKind.Letter)
            return CharacterKinds.EndOfRun(text, second, CharacterKind.Letter);
        if (first == CharacterKind.Number)
            return CharacterKinds.EndOfRun(text, second, CharacterKind.Number, mostDigits - 1);

        CharacterKind next = second < text.Length ? CharacterKinds.At(text, second, out length) : CharacterKind.Space;
        if (next == CharacterKind.Letter && text[start] is not ('\r' or '\n'))
            return CharacterKinds.EndOfRun(text, second + length, CharacterKind.Letter);
        if (first == CharacterKind.Sign)
            return EndOfSigns(text, second);

        return text[start] == ' ' && next == CharacterKind.Sign
            ? EndOfSigns(text, second + length)
            : EndOfLinesOrSpace(text, start);
    }

    /// <summary>The rest of <c>[^\s\p{L}\p{N}]+[\r\n]*</c>.</summary>
    static int EndOfSigns(ReadOnlySpan<char> text, int at)
    {
        int end = CharacterKinds.EndOfRun(text, at, CharacterKind.Sign);
        while (end < text.Length && text[end] is '\r' or '\n')
            end++;
        return end;
    }

    /// <summary><c>\s*[\r\n]+|\s+(?!\S)|\s+</c>.</summary>
    static int EndOfLinesOrSpace(ReadOnlySpan<char> text, int start)
    {
        int end = CharacterKinds.EndOfRun(text, start, CharacterKind.Space);
        int lineBreak = text[start..end].LastIndexOfAny('\r', '\n');
        return lineBreak >= 0 ? start + lineBreak + 1 : CharacterKinds.EndOfSpace(text, start);
    }

    static int LengthOfClitic(ReadOnlySpan<char> text) => text switch
    {
        ['s' or 'S' or 't' or 'T' or 'm' or 'M' or 'd' or 'D', ..] => 1,
        ['r' or 'R' or 'v' or 'V', 'e' or 'E', ..] or ['l' or 'L', 'l' or 'L', ..] => 2,
        _ => 0,
    };
}
