namespace Goodhart.Tokenizers.PreTokenizers;

/// <summary>When a text gets the mark of a space that is not there.</summary>
enum PrependScheme
{
    /// <summary>Never.</summary>
    Never,

    /// <summary>At the beginning of the whole text only.</summary>
    First,

    /// <summary>At the beginning, and after every added token.</summary>
    Always,
}

/// <summary>Writes spaces as a visible mark and splits before each, as SentencePiece does.</summary>
sealed class MetaspacePreTokenizer(char replacement, PrependScheme prepend, bool split) : IPreTokenizer
{
    readonly TextPattern _mark = new($"{replacement}");

    public void Split(Piece piece, List<Piece> pieces)
    {
        string text = piece.Text.ToString().Replace(' ', replacement);
        bool isDue = prepend == PrependScheme.Always || (prepend == PrependScheme.First && piece.IsFirst);
        if (isDue && !text.StartsWith(replacement))
            text = replacement + text;

        Piece marked = new(text, piece.IsFirst);
        if (split)
            PieceSplitter.Split(marked, _mark.Matches(text), SplitBehavior.MergedWithNext, invert: false, pieces);
        else
            pieces.Add(marked);
    }
}
