using Goodhart.Tokenizers.AddedTokens;
using Goodhart.Tokenizers.PreTokenizers;

namespace Goodhart.Tokenizers.Training;

/// <summary>Counts the words of texts, spelled in the <see cref="ByteAlphabet"/>, in order of first appearance.</summary>
static class WordCounter
{
    public static IReadOnlyList<(string Word, long Count)> Count(
        IEnumerable<string> texts, IReadOnlyList<string> specialTokens)
    {
        AddedTokenFinder special = new(
            specialTokens.Select((token, id) => (token, new AddedToken { Id = id, Content = token })));
        ByteLevelPreTokenizer preTokenizer = new(addPrefixSpace: false, useRegex: true);
        OrderedDictionary<string, long> counts = new(StringComparer.Ordinal);
        List<Piece> pieces = [];
        foreach (string text in texts)
        {
            WellFormed.Check(text);
            foreach (Segment between in special.Segments(text).Where(segment => segment.Id is null))
            {
                pieces.Clear();
                preTokenizer.Split(new Piece(text[between.Start..between.End], IsFirst: false), pieces);
                foreach (Piece piece in pieces)
                    counts[piece.Text] = counts.GetValueOrDefault(piece.Text) + 1;
            }
        }

        return [.. counts.Select(entry => (entry.Key, entry.Value))];
    }
}
