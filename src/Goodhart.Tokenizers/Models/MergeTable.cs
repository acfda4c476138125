namespace Goodhart.Tokenizers.Models;

/// <summary>Two neighboring tokens and the one that takes their place.</summary>
readonly record struct Merge(int Left, int Right, int Product);

/// <summary>All merges by rank, that is in the order in which they were learned.</summary>
sealed class MergeTable
{
    readonly Merge[] _merges;
    readonly long _tokenCount;
    readonly Dictionary<long, int> _ranks;
    readonly HashSet<int> _products;

    /// <summary>Of a pair that is listed twice, the later rank counts.</summary>
    public MergeTable(Merge[] merges)
    {
        _merges = merges;
        _tokenCount = 1 + merges.Select(merge => (long)Math.Max(merge.Left, merge.Right)).DefaultIfEmpty().Max();
        _products = [.. merges.Select(merge => merge.Product)];
        _ranks = new Dictionary<long, int>(merges.Length);
        for (int rank = 0; rank < merges.Length; rank++)
            _ranks[KeyOf(merges[rank].Left, merges[rank].Right)] = rank;
    }

    public Merge this[int rank] => _merges[rank];

    /// <summary>Whether a token is the product of some merge.</summary>
    public bool Makes(int id) => _products.Contains(id);

    public bool TryGetRank(int left, int right, out int rank)
    {
        // Tokens beyond the greatest that merges would share their keys with other pairs.
        if (left < _tokenCount && right < _tokenCount)
            return _ranks.TryGetValue(KeyOf(left, right), out rank);

        rank = 0;
        return false;
    }

    // Not left << 32 | right: the hash code of a long is the exclusive or of its halves, which would be the same
    // for thousands of pairs.
    long KeyOf(int left, int right) => left * _tokenCount + right;
}
