namespace Goodhart.Tokenizers.Models;

/// <summary>Cuts a long word where no merge can reach across, so that its parts can be encoded apart.</summary>
/// <remarks>
/// Merging two symbols puts the last character of one beside the first of the other in the product. So between two
/// characters that no product has side by side, nothing is ever merged. In SentencePiece's way of writing, where a
/// whole text is one word, most such places are before the mark of a space.
/// </remarks>
sealed class WordCutter
{
    readonly HashSet<char> _characters;
    readonly HashSet<int> _neighbors;

    public WordCutter(IReadOnlyDictionary<string, int> ids, IEnumerable<string> products)
    {
        _characters = [.. ids.Keys.Where(token => token.Length == 1).Select(token => token[0])];
        _neighbors = [];
        foreach (string product in products)
        {
            for (int i = 1; i < product.Length; i++)
                _neighbors.Add(PairOf(product[i - 1], product[i]));
        }
    }

    /// <summary>The end of the part that begins at <paramref name="start"/>.</summary>
    public int EndOfPart(ReadOnlySpan<char> word, int start)
    {
        int end = start + 1;
        while (end < word.Length && !IsCut(word[end - 1], word[end]))
            end++;
        return end;
    }

    // A character that is no token is spelled in others or unknown, and then its neighbors are not what they seem.
    bool IsCut(char left, char right) =>
        !_neighbors.Contains(PairOf(left, right)) && _characters.Contains(left) && _characters.Contains(right);

    static int PairOf(char left, char right) => (left << 16) | right;
}
