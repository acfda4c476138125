using System.Text;

namespace Goodhart.Tokenizers.PreTokenizers;

/// <summary>Sets numbers apart, digit by digit or as runs; all Unicode categories N* count as digits.</summary>
sealed class DigitsPreTokenizer(bool individualDigits) : IPreTokenizer
{
    public void Split(Piece piece, List<Piece> pieces)
    {
        List<(int Start, int End)> digits = [];
        int at = 0;
        foreach (Rune rune in piece.Text.EnumerateRunes())
        {
            if (Rune.IsNumber(rune))
                digits.Add((at, at + rune.Utf16SequenceLength));
            at += rune.Utf16SequenceLength;
        }

        SplitBehavior behavior = individualDigits ? SplitBehavior.Isolated : SplitBehavior.Contiguous;
        PieceSplitter.Split(piece, digits, behavior, invert: false, pieces);
    }
}
