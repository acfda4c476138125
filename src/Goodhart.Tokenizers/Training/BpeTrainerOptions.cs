namespace Goodhart.Tokenizers.Training;

/// <summary>How a byte-level BPE vocabulary is learned.</summary>
public sealed record BpeTrainerOptions
{
    /// <summary>
    /// The greatest number of tokens: the special ones, 256 bytes, and one for each merge. Fewer come out where the
    /// texts have too few pairs. Default 512.
    /// </summary>
    public int VocabularySize { get; init; } = 512;

    /// <summary>
    /// Tokens that are never split nor learned from, with the ids from 0 on. Where <c>&lt;s&gt;</c> is among them,
    /// encoding begins with it. Default <c>&lt;s&gt;</c> and <c>&lt;/s&gt;</c>.
    /// </summary>
    public IReadOnlyList<string> SpecialTokens { get; init; } = ["<s>", "</s>"];

    /// <summary>How often a pair must occur to be merged. Default 2 occurrences.</summary>
    public int MinFrequency { get; init; } = 2;
}
