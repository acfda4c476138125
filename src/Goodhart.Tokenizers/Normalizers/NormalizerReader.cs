using Goodhart.Tokenizers.Normalizers.Unicode;

namespace Goodhart.Tokenizers.Normalizers;

/// <summary>Reads the <c>normalizer</c> section.</summary>
static class NormalizerReader
{
    const string Known = "Sequence, Prepend, Replace, Strip, NFC, NFD, NFKC, NFKD, Lowercase, StripAccents, ByteLevel, "
        + "BertNormalizer and Precompiled";

    public static INormalizer Read(JsonSection? section) =>
        section is JsonSection given ? Read(given) : new NormalizerSequence([]);

    static INormalizer Read(JsonSection section) => section.Type switch
    {
        "Sequence" => new NormalizerSequence([.. section.Get("normalizers").Items().Select(Read)]),
        "Prepend" => new PrependNormalizer(section.TextOf("prepend")),
        "Replace" => ReadReplace(section),
        "Strip" => new StripNormalizer(section.BooleanOf("strip_left", true), section.BooleanOf("strip_right", true)),
        "NFC" => new UnicodeForm(composes: true, compatible: false),
        "NFD" => new UnicodeForm(composes: false, compatible: false),
        "NFKC" => new UnicodeForm(composes: true, compatible: true),
        "NFKD" => new UnicodeForm(composes: false, compatible: true),
        "Lowercase" => new LowercaseNormalizer(),
        "StripAccents" => CharacterFilter.Marks,
        "ByteLevel" => new CharacterRewriter(rune => new string(ByteAlphabet.Spell(rune.ToString(), []))),
        "BertNormalizer" => BertNormalizer.Read(section),
        "Precompiled" => PrecompiledNormalizer.Read(section),
        _ => throw section.Unsupported(Known),
    };

    /// <summary>Also used for the decoder of that name, which works token by token.</summary>
    public static ReplaceNormalizer ReadReplace(JsonSection section) =>
        new(TextPattern.Read(section.Get("pattern")), section.TextOf("content"));
}
