namespace Goodhart.Tokenizers.PreTokenizers;

/// <summary>Cuts a piece at given matches, following a <see cref="SplitBehavior"/>.</summary>
static class PieceSplitter
{
    readonly record struct Cut(int Start, int End, bool IsMatch);

    public static void Split(
        Piece piece, List<(int Start, int End)> matches, SplitBehavior behavior, bool invert, List<Piece> pieces)
    {
        List<Cut> cuts = CutsOf(piece.Text.Length, matches, invert);
        for (int i = 0; i < cuts.Count;)
        {
            int end = i + 1;
            while (end < cuts.Count && Joins(cuts, end, behavior))
                end++;

            (int from, int to) = (cuts[i].Start, cuts[end - 1].End);
            if (to > from && !(behavior == SplitBehavior.Removed && cuts[i].IsMatch))
                pieces.Add(piece.Slice(from, to));
            i = end;
        }
    }

    /// <summary>Whether the cut at <paramref name="at"/> goes into the same piece as the one before it.</summary>
    static bool Joins(List<Cut> cuts, int at, SplitBehavior behavior)
    {
        (bool previous, bool current) = (cuts[at - 1].IsMatch, cuts[at].IsMatch);
        return behavior switch
        {
            SplitBehavior.MergedWithPrevious => current && !previous,
            SplitBehavior.MergedWithNext => previous && !current,
            SplitBehavior.Contiguous => previous == current,
            _ => false,
        };
    }

    static List<Cut> CutsOf(int length, List<(int Start, int End)> matches, bool invert)
    {
        List<Cut> cuts = new(matches.Count + 1);
        int done = 0;
        foreach ((int start, int end) in matches)
        {
            if (start > done)
                cuts.Add(new Cut(done, start, invert));
            cuts.Add(new Cut(start, end, !invert));
            done = end;
        }

        if (done < length)
            cuts.Add(new Cut(done, length, invert));
        return cuts;
    }
}
