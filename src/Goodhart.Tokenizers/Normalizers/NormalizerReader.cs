namespace Goodhart.Tokenizers.Normalizers;

/// <summary>Reads the <c>normalizer</c> section.</summary>
static class NormalizerReader
{
    const string Known = "Sequence, Prepend, Replace, Strip and NFC";

    public static INormalizer Read(JsonSection? section) =>
        section is JsonSection given ? Read(given) : new NormalizerSequence([]);

    static INormalizer Read(JsonSection section) => section.Type switch
    {
        "Sequence" => new NormalizerSequence([.. section.Get("normalizers").Items().Select(Read)]),
        "Prepend" => new PrependNormalizer(section.TextOf("prepend")),
        "Replace" => ReadReplace(section),
        "Strip" => new StripNormalizer(section.BooleanOf("strip_left", true), section.BooleanOf("strip_right", true)),
        "NFC" => new ComposedFormCheck(section.Path),
        _ => throw section.Unsupported(Known),
    };

    /// <summary>Also used for the decoder of that name, which works token by token.</summary>
    public static ReplaceNormalizer ReadReplace(JsonSection section) =>
        new(TextPattern.Read(section.Get("pattern")), section.TextOf("content"));
}
