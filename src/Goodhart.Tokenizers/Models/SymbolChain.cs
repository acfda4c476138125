namespace Goodhart.Tokenizers.Models;

/// <summary>The symbols of one word as a linked list, merged in order of rank with the help of a heap.</summary>
/// <remarks>n symbols take O(n log n) steps. Not for use by two threads at once.</remarks>
sealed class SymbolChain
{
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
