namespace Goodhart.Tokenizers.PreTokenizers.KnownSplits;

/// <summary>Matches <see cref="KnownSplit.Gpt2"/>.</summary>
static class Gpt2Split
{
    public static int EndOfNext(ReadOnlySpan<char> text, int start)
    {
        if (text[start] == '\'' && LengthOfClitic(text[(start + 1)..]) is int clitic and > 0)
            return start + 1 + clitic;

        int at = text[start] == ' ' && start + 1 < text.Length ? start + 1 : start;
        CharacterKind kind = CharacterKinds.At(text, at, out int length);
        return kind == CharacterKind.Space
            ? CharacterKinds.EndOfSpace(text, start)
            : CharacterKinds.EndOfRun(text, at + length, kind);
    }

    static int LengthOfClitic(ReadOnlySpan<char> text) => text switch
    {
        ['s' or 't' or 'm' or 'd', ..] => 1,
        ['r' or 'v', 'e', ..] or ['l', 'l', ..] => 2,
        _ => 0,
    };
}
