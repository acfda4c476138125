using System.Text;

namespace Goodhart.Tokenizers.Normalizers;

/// <summary>Writes a text for each character.</summary>
sealed class CharacterRewriter(Func<Rune, string> rewrite) : INormalizer
{
    public string Normalize(string text)
    {
        StringBuilder rewritten = new(text.Length);
        foreach (Rune rune in text.EnumerateRunes())
            rewritten.Append(rewrite(rune));
        return rewritten.ToString();
    }
}
