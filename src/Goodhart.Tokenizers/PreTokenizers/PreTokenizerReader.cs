namespace Goodhart.Tokenizers.PreTokenizers;

/// <summary>Reads the <c>pre_tokenizer</c> section.</summary>
static class PreTokenizerReader
{
    const string Known = "Sequence, ByteLevel, Metaspace, Split and Digits";

    public static IPreTokenizer Read(JsonSection? section) =>
        section is JsonSection given ? Read(given) : new PreTokenizerSequence([]);

    static IPreTokenizer Read(JsonSection section) => section.Type switch
    {
        "Sequence" => new PreTokenizerSequence([.. section.Get("pretokenizers").Items().Select(Read)]),
        "ByteLevel" => new ByteLevelPreTokenizer(
            section.BooleanOf("add_prefix_space", true), section.BooleanOf("use_regex", true)),
        "Metaspace" => new MetaspacePreTokenizer(
            section.Get("replacement").Character(), ReadPrependScheme(section), section.BooleanOf("split", true)),
        "Split" => new SplitPreTokenizer(
            TextPattern.Read(section.Get("pattern")),
            ReadBehavior(section.Get("behavior")),
            section.BooleanOf("invert", false)),
        "Digits" => new DigitsPreTokenizer(section.BooleanOf("individual_digits", false)),
        _ => throw section.Unsupported(Known),
    };

    /// <summary>Also used for the decoder of the same name. Older files say it by <c>add_prefix_space</c>.</summary>
    public static PrependScheme ReadPrependScheme(JsonSection metaspace)
    {
        if (metaspace.Find("prepend_scheme") is not JsonSection scheme)
            return metaspace.BooleanOf("add_prefix_space", true) ? PrependScheme.Always : PrependScheme.Never;

        return scheme.Text() switch
        {
            "always" => PrependScheme.Always,
            "first" => PrependScheme.First,
            "never" => PrependScheme.Never,
            _ => throw scheme.Not("'always', 'first' or 'never'"),
        };
    }

    static SplitBehavior ReadBehavior(JsonSection section) =>
        Enum.TryParse(section.Text(), out SplitBehavior behavior) && $"{behavior}" == section.Text()
            ? behavior
            : throw section.Not($"one of {string.Join(", ", Enum.GetNames<SplitBehavior>())}");
}
