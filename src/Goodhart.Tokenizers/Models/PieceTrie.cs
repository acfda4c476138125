namespace Goodhart.Tokenizers.Models;

/// <summary>A prefix tree over UTF-16, its edges in one open-addressed hash table.</summary>
sealed class PieceTrie
{
    public const int Root = 0;
    const long MostCharacters = 1 << 24; // the largest vocabulary in public use has 2 million
    const ulong FreeKey = ulong.MaxValue;

    readonly ulong[] _keys;
    readonly int[] _children;
    readonly int _shift;
    readonly List<int> _values = [-1];

    /// <param name="pieces">Texts, none empty, and the value of each, from 0.</param>
    public PieceTrie(IReadOnlyCollection<KeyValuePair<string, int>> pieces)
    {
        long edges = pieces.Sum(piece => (long)piece.Key.Length);
        if (edges > MostCharacters)
            throw new TokenizerException($"The tokens of a vocabulary should have at most {MostCharacters} characters in all, got {edges}.");

        int bits = Math.Max(4, 64 - System.Numerics.BitOperations.LeadingZeroCount((ulong)edges) + 1);
        _shift = 64 - bits;
        _keys = new ulong[1 << bits];
        _children = new int[1 << bits];
        Array.Fill(_keys, FreeKey);
        foreach ((string text, int value) in pieces)
            Add(text, value);
    }

    /// <summary>The node one character further; negative where no piece goes on like that.</summary>
    public int Child(int node, char c)
    {
        ulong key = KeyOf(node, c);
        int slot = SlotOf(key);
        return _keys[slot] == key ? _children[slot] : -1;
    }

    /// <summary>The value of the piece that ends at a node; negative where none does.</summary>
    public int ValueAt(int node) => _values[node];

    /// <summary>The longest piece that a text begins with: its length (0 where there is none) and value.</summary>
    public (int Length, int Value) LongestPrefix(ReadOnlySpan<char> text)
    {
        (int length, int value) = (0, -1);
        int node = Root;
        for (int i = 0; i < text.Length && (node = Child(node, text[i])) >= 0; i++)
        {
            if (_values[node] >= 0)
                (length, value) = (i + 1, _values[node]);
        }

        return (length, value);
    }

    void Add(string text, int value)
    {
        int node = Root;
        foreach (char c in text)
        {
            ulong key = KeyOf(node, c);
            int slot = SlotOf(key);
            if (_keys[slot] != key)
            {
                _keys[slot] = key;
                _children[slot] = _values.Count;
                _values.Add(-1);
            }

            node = _children[slot];
        }

        _values[node] = value;
    }

    static ulong KeyOf(int node, char c) => ((ulong)(uint)node << 16) | c;

    int SlotOf(ulong key)
    {
        int slot = (int)((key * 0x9E3779B97F4A7C15) >> _shift); // Fibonacci hashing
        while (_keys[slot] != key && _keys[slot] != FreeKey)
            slot = (slot + 1) & (_keys.Length - 1);
        return slot;
    }
}
