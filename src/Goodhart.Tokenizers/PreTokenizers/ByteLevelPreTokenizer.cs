using System.Runtime.InteropServices;
using Goodhart.Tokenizers.PreTokenizers.KnownSplits;

namespace Goodhart.Tokenizers.PreTokenizers;

/// <summary>Splits in a known way, or not at all, and spells each piece in the <see cref="ByteAlphabet"/>.</summary>
sealed class ByteLevelPreTokenizer(bool addPrefixSpace, KnownSplit? split) : IPreTokenizer
{
    public void Split(Piece piece, List<Piece> pieces)
    {
        ReadOnlySpan<char> text = piece.Text.Span;
        if (addPrefixSpace && !text.StartsWith(" "))
            text = $" {text}";

        List<int> ends = [];
        if (split is null)
            ends.Add(text.Length);
        else
            split.AddEnds(text, ends);

        Piece whole = new(ByteAlphabet.Spell(text, CollectionsMarshal.AsSpan(ends)), piece.IsFirst);
        int start = 0;
        foreach (int end in ends)
        {
            pieces.Add(whole.Slice(start, end));
            start = end;
        }
    }
}
