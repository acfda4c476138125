namespace Goodhart.Tokenizers;

/// <summary>Refuses text that has no UTF-8 form.</summary>
static class WellFormed
{
    public static void Check(string text)
    {
        int at = -1;
        while ((at = NextSurrogate(text, at + 1)) >= 0)
        {
            if (!char.IsHighSurrogate(text[at]) || at + 1 == text.Length || !char.IsLowSurrogate(text[at + 1]))
                throw new TokenizerException(
                    $"The text has half a surrogate pair, U+{(int)text[at]:X4}, at index {at}. Put U+FFFD in its place.");
            at++;
        }
    }

    static int NextSurrogate(string text, int from)
    {
        int offset = text.AsSpan(from).IndexOfAnyInRange('\uD800', '\uDFFF');
        return offset < 0 ? -1 : from + offset;
    }
}
