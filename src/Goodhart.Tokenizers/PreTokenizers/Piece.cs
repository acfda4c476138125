namespace Goodhart.Tokenizers.PreTokenizers;

/// <summary>A stretch of text; inside one, tokens are merged, and never across two.</summary>
/// <param name="Text">The stretch, never empty once split.</param>
/// <param name="IsFirst">Whether it begins where the whole text begins.</param>
readonly record struct Piece(string Text, bool IsFirst);
