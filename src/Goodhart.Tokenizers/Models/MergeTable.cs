namespace Goodhart.Tokenizers.Models;

/// <summary>Two neighboring tokens and the one that takes their place; the lower the rank, the sooner.</summary>
readonly record struct Merge(int Left, int Right, int Product, int Rank);

/// <summary>All merges of a vocabulary.</summary>
sealed class MergeTable
{
    readonly long _tokenCount;
    readonly Dictionary<long, (int Rank, int Product)> _merges;
    readonly HashSet<int> _products;

    /// <summary>Of a pair that is listed twice, the later merge counts.</summary>
    public MergeTable(IReadOnlyCollection<Merge> merges)
    {
        _tokenCount = 1 + merges.Select(merge => (long)Math.Max(merge.Left, merge.Right)).DefaultIfEmpty().Max();
        _products = [.. merges.Select(merge => merge.Product)];
        _merges = new Dictionary<long, (int, int)>(merges.Count);
        foreach (Merge merge in merges)
            _merges[KeyOf(merge.Left, merge.Right)] = (merge.Rank, merge.Product);
    }

    /// <summary>Whether a token is the product of some merge.</summary>
    public bool Makes(int id) => _products.Contains(id);

    public bool TryGet(int left, int right, out int rank, out int product)
    {
        // Tokens beyond the greatest that merges would share their keys with other pairs.
        (int Rank, int Product) merge = default;
        bool found = (uint)left < _tokenCount && (uint)right < _tokenCount && _merges.TryGetValue(KeyOf(left, right), out merge);
        (rank, product) = merge;
        return found;
    }

    // Not left << 32 | right: the hash code of a long is the exclusive or of its halves, which would be the same
    // for thousands of pairs.
    long KeyOf(int left, int right) => left * _tokenCount + right;
}
