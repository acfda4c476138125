using System.Globalization;
using System.Text;

namespace Goodhart.Tokenizers.Normalizers;

/// <summary>Drops the characters of some kinds.</summary>
sealed class CharacterFilter(Func<Rune, bool> isDropped) : INormalizer
{
    /// <summary>Drops marks of every kind.</summary>
    public static CharacterFilter Marks { get; } = new(rune => Rune.GetUnicodeCategory(rune)
        is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark);

    /// <summary>Drops marks that take no room of their own.</summary>
    public static CharacterFilter NonSpacingMarks { get; } =
        new(rune => Rune.GetUnicodeCategory(rune) == UnicodeCategory.NonSpacingMark);

    public string Normalize(string text)
    {
        StringBuilder kept = new(text.Length);
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (!isDropped(rune))
                kept.Append(rune.ToString());
        }

        return kept.ToString();
    }
}
