using System.Text;

namespace Goodhart.Tokenizers.Normalizers.Unicode;

/// <summary>Korean syllables, which compose and decompose by arithmetic.</summary>
/// <remarks>The Unicode standard, section 3.12: a leading consonant, a vowel, and perhaps a trailing consonant.</remarks>
static class Hangul
{
    const int FirstSyllable = 0xAC00, FirstLeading = 0x1100, FirstVowel = 0x1161, BeforeTrailing = 0x11A7;
    const int Leadings = 19, Vowels = 21, Trailings = 28; // no trailing consonant counts as one

    public static bool IsSyllable(Rune rune) => IsIn(rune.Value - FirstSyllable, Leadings * Vowels * Trailings);

    public static void Decompose(Rune syllable, List<Rune> parts)
    {
        (int pair, int trailing) = Math.DivRem(syllable.Value - FirstSyllable, Trailings);
        parts.Add(new Rune(FirstLeading + (pair / Vowels)));
        parts.Add(new Rune(FirstVowel + (pair % Vowels)));
        if (trailing > 0)
            parts.Add(new Rune(BeforeTrailing + trailing));
    }

    public static Rune? Compose(Rune first, Rune second)
    {
        (int leading, int vowel) = (first.Value - FirstLeading, second.Value - FirstVowel);
        if (IsIn(leading, Leadings) && IsIn(vowel, Vowels))
            return new Rune(FirstSyllable + (((leading * Vowels) + vowel) * Trailings));

        int trailing = second.Value - BeforeTrailing;
        bool isOpen = IsSyllable(first) && (first.Value - FirstSyllable) % Trailings == 0;
        return isOpen && trailing > 0 && trailing < Trailings ? new Rune(first.Value + trailing) : null;
    }

    static bool IsIn(int index, int count) => index >= 0 && index < count;
}
