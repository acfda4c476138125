using Goodhart.Tokenizers.AddedTokens;
using Goodhart.Tokenizers.PreTokenizers;
using Goodhart.Tokenizers.PreTokenizers.KnownSplits;

namespace Goodhart.Tokenizers.Training;

/// <summary>Counts the words of texts, spelled in the <see cref="ByteAlphabet"/>, in order of first appearance.</summary>
static class WordCounter
{
    public static IReadOnlyList<(string Word, long Count)> Count(
        IEnumerable<string> texts, IReadOnlyList<string> specialTokens)
    {
        AddedTokenFinder special = new(
            specialTokens.Select((token, id) => (token, new AddedToken { Id = id, Content = token })));
        ByteLevelPreTokenizer preTokenizer = new(addPrefixSpace: false, KnownSplit.Gpt2);
        OrderedDictionary<string, long> counts = new(StringComparer.Ordinal);
        List<Piece> pieces = [];
        foreach (string text in texts)
        {
            WellFormed.Check(text);
            foreach (Segment between in special.Segments(text).Where(segment => segment.Id is null))
            {
                pieces.Clear();
                preTokenizer.Split(new Piece(text[between.Start..between.End], isFirst: false), pieces);
                foreach (string word in pieces.Select(piece => piece.Text.ToString()))
                    counts[word] = counts.GetValueOrDefault(word) + 1;
            }
        }

        return [.. counts.Select(entry => (entry.Key, entry.Value))];
    }
}
