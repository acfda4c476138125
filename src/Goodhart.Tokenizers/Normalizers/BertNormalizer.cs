using System.Globalization;
using System.Text;
using Goodhart.Tokenizers.Normalizers.Unicode;

namespace Goodhart.Tokenizers.Normalizers;

/// <summary>What BERT does to text: clean, set Chinese characters apart, drop accents, lower the case, each on request.</summary>
static class BertNormalizer
{
    public static INormalizer Read(JsonSection section)
    {
        bool lowercases = section.BooleanOf("lowercase", true);
        List<INormalizer> steps = [];
        if (section.BooleanOf("clean_text", true))
            steps.Add(new CharacterRewriter(Clean));
        if (section.BooleanOf("handle_chinese_chars", true))
            steps.Add(new CharacterRewriter(rune => IsChinese(rune.Value) ? $" {rune} " : rune.ToString()));
        if (section.BooleanOf("strip_accents", lowercases))
            steps.AddRange([new UnicodeForm(composes: false, compatible: false), CharacterFilter.NonSpacingMarks]);
        if (lowercases)
            steps.Add(new LowercaseNormalizer());
        return new NormalizerSequence(steps);
    }

    /// <summary>Drops control characters and makes every white space a space.</summary>
    static string Clean(Rune rune)
    {
        if (Rune.IsWhiteSpace(rune) && !IsControl(rune))
            return " ";
        return rune.Value is 0 or 0xFFFD || IsControl(rune) ? "" : rune.ToString();
    }

    static bool IsControl(Rune rune) => rune.Value is not ('\t' or '\n' or '\r') && Rune.GetUnicodeCategory(rune)
        is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.OtherNotAssigned or UnicodeCategory.PrivateUse;

    static bool IsChinese(int c) => c is (>= 0x4E00 and <= 0x9FFF) or (>= 0x3400 and <= 0x4DBF) or (>= 0x20000 and <= 0x2A6DF)
        or (>= 0x2A700 and <= 0x2B73F) or (>= 0x2B740 and <= 0x2B81F) or (>= 0x2B820 and <= 0x2CEAF)
        or (>= 0xF900 and <= 0xFAFF) or (>= 0x2F800 and <= 0x2FA1F);
}
