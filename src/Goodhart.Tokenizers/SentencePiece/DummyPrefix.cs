using Goodhart.Tokenizers.PreTokenizers;

namespace Goodhart.Tokenizers.SentencePiece;

/// <summary>Puts a space before texts, so that a word has the same ids wherever it stands; does not split.</summary>
/// <param name="prefix">The space as the model writes it.</param>
/// <param name="scheme">Before which stretches between special tokens.</param>
sealed class DummyPrefix(string prefix, PrependScheme scheme) : IPreTokenizer
{
    public void Split(Piece piece, List<Piece> pieces)
    {
        bool isDue = scheme == PrependScheme.Always || (scheme == PrependScheme.First && piece.IsFirst);
        pieces.Add(isDue ? new Piece($"{prefix}{piece.Text}", piece.IsFirst) : piece);
    }
}
