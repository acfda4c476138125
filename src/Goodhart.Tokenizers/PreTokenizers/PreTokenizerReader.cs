using System.Text;
using Goodhart.Tokenizers.PreTokenizers.KnownSplits;

namespace Goodhart.Tokenizers.PreTokenizers;

/// <summary>Reads the <c>pre_tokenizer</c> section.</summary>
static class PreTokenizerReader
{
    const string Known = "Sequence, ByteLevel, Metaspace, Split, Digits, Punctuation, Whitespace, "
        + "WhitespaceSplit, CharDelimiterSplit and BertPreTokenizer";

    // Letters, marks, decimal and letter numbers, connectors, joiners, and the enclosed letters: what the format calls words.
    const string WordCharacters = @"\p{L}\p{M}\p{Nd}\p{Nl}\p{Pc}\u200C\u200D\u24B6-\u24E9";

    public static IPreTokenizer Read(JsonSection? section) =>
        section is JsonSection given ? Read(given) : new PreTokenizerSequence([]);

    static IPreTokenizer Read(JsonSection section) => section.Type switch
    {
        "Sequence" => new PreTokenizerSequence([.. section.Get("pretokenizers").Items().Select(Read)]),
        "ByteLevel" => new ByteLevelPreTokenizer(
            section.BooleanOf("add_prefix_space", true), section.BooleanOf("use_regex", true) ? KnownSplit.Gpt2 : null),
        "Metaspace" => new MetaspacePreTokenizer(
            section.Get("replacement").Character(), ReadPrependScheme(section), section.BooleanOf("split", true)),
        "Split" => new SplitPreTokenizer(
            TextPattern.Read(section.Get("pattern")),
            ReadBehavior(section.Get("behavior")),
            section.BooleanOf("invert", false)),
        "Digits" => new CharacterSplit(
            Rune.IsNumber,
            section.BooleanOf("individual_digits", false) ? SplitBehavior.Isolated : SplitBehavior.Contiguous),
        "Punctuation" => new CharacterSplit(
            CharacterSplit.IsPunctuation,
            section.Find("behavior") is JsonSection behavior ? ReadBehavior(behavior) : SplitBehavior.Isolated),
        "Whitespace" => new SplitPreTokenizer(
            new TextPattern(new CodePointRegex($@"[{WordCharacters}]+|[^\s{WordCharacters}]+", section.Path)),
            SplitBehavior.Removed,
            invert: true),
        "WhitespaceSplit" => CharacterSplit.WhiteSpace,
        "CharDelimiterSplit" => new SplitPreTokenizer(
            new TextPattern($"{section.Get("delimiter").Character()}"), SplitBehavior.Removed, invert: false),
        "BertPreTokenizer" => new PreTokenizerSequence(
            [CharacterSplit.WhiteSpace, new CharacterSplit(CharacterSplit.IsPunctuation, SplitBehavior.Isolated)]),
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
