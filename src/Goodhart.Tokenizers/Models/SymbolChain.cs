namespace Goodhart.Tokenizers.Models;

/// <summary>The symbols of one word, merged in order of rank: by looking through a short word, with the help of a heap in a long one.</summary>
/// <remarks>n symbols of a long word are a linked list and take O(n log n) steps. Not for use by two threads at once.</remarks>
sealed class SymbolChain
{
    const int MostOfShort = 48;
    const int Merged = -1; // the id of a symbol that has become part of the one before it

    int[] _ids = new int[64];
    int[] _previous = new int[64];
    int[] _next = new int[64];
    int _count;

    // Priority: rank in the high half, position in the low, so equal ranks go from left to right.
    readonly PriorityQueue<int, ulong> _candidates = new();

    public void Clear() => _count = 0;

    public void Add(int id)
    {
        if (_count == _ids.Length)
        {
            Array.Resize(ref _ids, 2 * _count);
            Array.Resize(ref _previous, 2 * _count);
            Array.Resize(ref _next, 2 * _count);
        }

        _ids[_count] = id;
        _previous[_count] = _count - 1;
        _next[_count] = _count + 1;
        _count++;
    }

    public void MergeAll(MergeTable merges)
    {
        if (_count <= MostOfShort)
            MergeShort(merges);
        else
            MergeLong(merges);
    }

    /// <summary>Finds the pair of least rank, merges it, closes the gap, and begins again.</summary>
    void MergeShort(MergeTable merges)
    {
        Span<int> ids = _ids.AsSpan(0, _count);
        Span<int> ranks = stackalloc int[MostOfShort], products = stackalloc int[MostOfShort];
        for (int i = 0; i + 1 < ids.Length; i++)
            Look(i, ids, ranks, products);

        while (ids.Length > 1)
        {
            int at = IndexOfLeast(ranks[..(ids.Length - 1)]);
            if (ranks[at] == int.MaxValue)
                break;

            ids[at] = products[at];
            ids[(at + 2)..].CopyTo(ids[(at + 1)..]);
            ranks[(at + 1)..].CopyTo(ranks[at..]);
            products[(at + 1)..].CopyTo(products[at..]);
            ids = ids[..^1];
            if (at > 0)
                Look(at - 1, ids, ranks, products);
            if (at + 1 < ids.Length)
                Look(at, ids, ranks, products);
        }

        _count = ids.Length;

        void Look(int i, Span<int> ids, Span<int> ranks, Span<int> products)
        {
            if (!merges.TryGet(ids[i], ids[i + 1], out ranks[i], out products[i]))
                ranks[i] = int.MaxValue;
        }
    }

    /// <summary>The first, where several are least.</summary>
    static int IndexOfLeast(ReadOnlySpan<int> ranks)
    {
        int least = 0;
        for (int i = 1; i < ranks.Length; i++)
        {
            if (ranks[i] < ranks[least])
                least = i;
        }

        return least;
    }

    void MergeLong(MergeTable merges)
    {
        for (int i = 0; i + 1 < _count; i++)
            Consider(i, merges);

        while (_candidates.TryDequeue(out int at, out ulong priority))
        {
            int right = _next[at];
            if (right >= _count || !merges.TryGet(_ids[at], _ids[right], out int rank, out int product) || rank != (int)(priority >> 32))
                continue; // an earlier merge has taken one of the two

            _ids[at] = product;
            _ids[right] = Merged;
            _next[at] = _next[right];
            if (_next[at] < _count)
                _previous[_next[at]] = at;

            Consider(_previous[at], merges);
            Consider(at, merges);
        }
    }

    public void CopyTo(List<int> ids)
    {
        for (int at = 0; at < _count; at = _next[at])
            ids.Add(_ids[at]);
    }

    void Consider(int at, MergeTable merges)
    {
        if (at >= 0 && _next[at] < _count && merges.TryGet(_ids[at], _ids[_next[at]], out int rank, out _))
            _candidates.Enqueue(at, ((ulong)rank << 32) | (uint)at);
    }
}
