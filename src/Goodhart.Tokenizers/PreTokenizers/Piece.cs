namespace Goodhart.Tokenizers.PreTokenizers;

/// <summary>A stretch of text; inside one, tokens are merged, and never across two.</summary>
/// <param name="Text">The stretch, never empty once split.</param>
/// <param name="IsFirst">Whether it begins where the whole text begins.</param>
readonly record struct Piece(ReadOnlyMemory<char> Text, bool IsFirst)
{
    public Piece(string text, bool isFirst)
        : this(text.AsMemory(), isFirst)
    {
    }

    public Piece Slice(int start, int end) => new(Text[start..end], IsFirst && start == 0);
}
