namespace Goodhart.Tokenizers.PreTokenizers;

/// <summary>Splits at the matches of a pattern that the file states.</summary>
sealed class SplitPreTokenizer(TextPattern pattern, SplitBehavior behavior, bool invert) : IPreTokenizer
{
    public void Split(Piece piece, List<Piece> pieces) =>
        PieceSplitter.Split(piece, pattern.Matches(piece.Text.Span), behavior, invert, pieces);
}
