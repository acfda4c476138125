namespace Goodhart.Tokenizers.Training;

/// <summary>Finds the most frequent pair of neighbors; of equally frequent ones, that whose bytes are greatest.</summary>
/// <remarks>
/// Counts change often and the heap does not follow: a pair is queued anew when its count has grown, and an entry
/// whose count has shrunk is put right when it surfaces.
/// </remarks>
/// <param name="bytesOf">The bytes of each token by id; it may grow.</param>
sealed class PairQueue(IReadOnlyList<byte[]> bytesOf)
{
    readonly Dictionary<(int Left, int Right), long> _counts = [];
    readonly PriorityQueue<(int Left, int Right), Priority> _heap = new();

    /// <summary>Adds to the counts.</summary>
    public void Change(Dictionary<(int Left, int Right), long> changes)
    {
        foreach (((int Left, int Right) pair, long change) in changes)
        {
            _counts[pair] = _counts.GetValueOrDefault(pair) + change;
            if (change > 0)
                Enqueue(pair);
        }
    }

    /// <summary>The best pair; null where none occurs often enough.</summary>
    public (int Left, int Right)? Take(int minFrequency)
    {
        while (_heap.TryDequeue(out (int Left, int Right) pair, out Priority priority))
        {
            long count = _counts[pair];
            if (count == priority.Count && count >= minFrequency)
                return pair;
            if (count < priority.Count && count >= minFrequency)
                Enqueue(pair);
        }

        return null;
    }

    void Enqueue((int Left, int Right) pair) =>
        _heap.Enqueue(pair, new Priority(_counts[pair], bytesOf[pair.Left], bytesOf[pair.Right]));

    /// <summary>What comes first compares as less.</summary>
    readonly record struct Priority(long Count, byte[] Left, byte[] Right) : IComparable<Priority>
    {
        public int CompareTo(Priority other)
        {
            int order = other.Count.CompareTo(Count);
            if (order == 0)
                order = other.Left.AsSpan().SequenceCompareTo(Left);
            return order != 0 ? order : other.Right.AsSpan().SequenceCompareTo(Right);
        }
    }
}
