using System.Text;

namespace Goodhart.Tokenizers.PreTokenizers;

/// <summary>Splits at every character of a kind.</summary>
sealed class CharacterSplit(Func<Rune, bool> isOfKind, SplitBehavior behavior) : IPreTokenizer
{
    public static CharacterSplit WhiteSpace { get; } = new(Rune.IsWhiteSpace, SplitBehavior.Removed);

    public void Split(Piece piece, List<Piece> pieces) =>
        PieceSplitter.Split(piece, TextPattern.Characters(piece.Text.Span, isOfKind), behavior, invert: false, pieces);

    /// <summary>Unicode's punctuation, and all ASCII signs, some of which Unicode calls symbols.</summary>
    public static bool IsPunctuation(Rune rune) =>
        Rune.IsPunctuation(rune) || (rune.IsAscii && Rune.IsSymbol(rune));
}
