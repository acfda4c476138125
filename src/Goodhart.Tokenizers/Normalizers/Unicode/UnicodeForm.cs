using System.Text;

namespace Goodhart.Tokenizers.Normalizers.Unicode;

/// <summary>The Unicode normalization forms NFC, NFD, NFKC and NFKD.</summary>
/// <remarks>
/// Unicode standard annex 15: decompose every character, sort runs of combining marks by their class, and, for the forms
/// that end in C, compose again what may be. Where globalization is invariant, <see cref="string.Normalize()"/> hands text
/// back as it came, so it is of no use here.
/// </remarks>
sealed class UnicodeForm(bool composes, bool compatible) : INormalizer
{
    public string Normalize(string text)
    {
        // Below U+00A0, or U+0300 if only composed canonical forms matter, nothing changes.
        if (!text.AsSpan().ContainsAnyExceptInRange('\0', composes && !compatible ? '\u02FF' : '\u009F'))
            return text;

        List<Rune> runes = new(text.Length + (text.Length / 4));
        foreach (Rune rune in text.EnumerateRunes())
            Decompose(rune, runes);
        SortMarks(runes);
        int count = composes ? Compose(runes) : runes.Count;

        StringBuilder normalized = new(text.Length);
        for (int i = 0; i < count; i++)
            normalized.Append(runes[i].ToString());
        return normalized.ToString();
    }

    void Decompose(Rune rune, List<Rune> runes)
    {
        if (Hangul.IsSyllable(rune))
            Hangul.Decompose(rune, runes);
        else if (CharacterData.DecompositionOf(rune, compatible) is Rune[] parts)
            Array.ForEach(parts, part => Decompose(part, runes));
        else
            runes.Add(rune);
    }

    /// <summary>Stable, run by run, so that a text of nothing but marks takes no more than n log n steps.</summary>
    static void SortMarks(List<Rune> runes)
    {
        for (int start = 0, end; start < runes.Count; start = end + 1)
        {
            bool isSorted = true;
            for (end = start; end < runes.Count && CharacterData.CombiningClass(runes[end]) is int c and > 0; end++)
                isSorted &= end == start || CharacterData.CombiningClass(runes[end - 1]) <= c;
            if (isSorted)
                continue;

            Rune[] marks = [.. runes.GetRange(start, end - start).OrderBy(CharacterData.CombiningClass)];
            for (int i = 0; i < marks.Length; i++)
                runes[start + i] = marks[i];
        }
    }

    /// <summary>Composes each starter with what follows it, in place; returns how many characters are left.</summary>
    static int Compose(List<Rune> runes)
    {
        int count = 0, starter = -1, lastClass = 0;
        foreach (Rune rune in runes.ToArray())
        {
            int c = CharacterData.CombiningClass(rune);
            bool isBlocked = starter < 0 || (count > starter + 1 && (lastClass == 0 || lastClass >= c));
            Rune? composed = isBlocked
                ? null
                : Hangul.Compose(runes[starter], rune) ?? CharacterData.CompositionOf(runes[starter], rune);
            if (composed is Rune one)
            {
                runes[starter] = one;
                continue;
            }

            if (c == 0)
                starter = count;
            lastClass = c;
            runes[count++] = rune;
        }

        return count;
    }
}
