namespace Goodhart.Tokenizers.PreTokenizers;

/// <summary>Splits by each step in turn; with none, a text stays one piece.</summary>
sealed class PreTokenizerSequence(IReadOnlyList<IPreTokenizer> steps) : IPreTokenizer
{
    public void Split(Piece piece, List<Piece> pieces)
    {
        List<Piece> current = [piece];
        foreach (IPreTokenizer step in steps)
        {
            List<Piece> next = [];
            foreach (Piece part in current)
                step.Split(part, next);
            current = next;
        }

        pieces.AddRange(current);
    }
}
