namespace Goodhart.Tokenizers.Normalizers;

/// <summary>Stands for NFC: passes text that needs no composing, and refuses the rest.</summary>
/// <remarks>
/// .NET has no Unicode tables of its own: where globalization is invariant, <see cref="string.Normalize()"/> hands
/// text back as it came, without an error. Below U+0300 every text is in form C.
/// </remarks>
sealed class ComposedFormCheck(string where) : INormalizer
{
    public string Normalize(string text)
    {
        int at = text.AsSpan().IndexOfAnyInRange('\u0300', '\u036F');
        return at < 0
            ? text
            : throw new TokenizerException(
                $"{where}: the combining mark U+{(int)text[at]:X4} at index {at} asks for Unicode form C. Compose the text first.");
    }
}
