namespace Goodhart.Tokenizers.PreTokenizers;

/// <summary>Splits a piece into smaller ones, and may respell it.</summary>
interface IPreTokenizer
{
    void Split(Piece piece, List<Piece> pieces);
}
