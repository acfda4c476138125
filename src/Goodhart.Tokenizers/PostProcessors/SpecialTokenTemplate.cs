namespace Goodhart.Tokenizers.PostProcessors;

/// <summary>The special tokens that go before and after the ids of a text.</summary>
sealed record SpecialTokenTemplate(IReadOnlyList<int> Prefix, IReadOnlyList<int> Suffix)
{
    public static SpecialTokenTemplate None { get; } = new([], []);

    /// <summary>This template with another around it.</summary>
    public SpecialTokenTemplate Inside(SpecialTokenTemplate outer) =>
        new([.. outer.Prefix, .. Prefix], [.. Suffix, .. outer.Suffix]);
}
