namespace Goodhart.Tokenizers.Training;

/// <summary>Merges pairs in counted words, touching at each step only the words that have the pair.</summary>
sealed class BpeMerger
{
    readonly List<string> _tokens;
    readonly List<byte[]> _bytesOf;
    readonly Dictionary<string, int> _ids;
    readonly int[][] _words;
    readonly long[] _frequencies;
    readonly Dictionary<(int Left, int Right), HashSet<int>> _wordsWith = [];
    readonly PairQueue _queue;

    /// <param name="words">Words in the byte alphabet and how often they occur.</param>
    /// <param name="alphabet">The single bytes; their indices are their ids here.</param>
    public BpeMerger(IReadOnlyList<(string Word, long Count)> words, IReadOnlyList<string> alphabet)
    {
        _tokens = [.. alphabet];
        _bytesOf = [.. alphabet.Select(ByteAlphabet.BytesOf)];
        _ids = _tokens.Index().ToDictionary(entry => entry.Item, entry => entry.Index, StringComparer.Ordinal);
        _queue = new PairQueue(_bytesOf);

        _words = [.. words.Select(word => word.Word.Select(c => _ids[$"{c}"]).ToArray())];
        _frequencies = [.. words.Select(word => word.Count)];
        Dictionary<(int, int), long> changes = [];
        for (int w = 0; w < _words.Length; w++)
            AddPairs(w, changes);
        _queue.Change(changes);
    }

    /// <summary>All tokens so far, the alphabet first.</summary>
    public IReadOnlyList<string> Tokens => _tokens;

    /// <summary>Merges until there are so many tokens or no pair is frequent enough; returns the merges in order.</summary>
    public List<(string Left, string Right)> Run(int tokenCount, int minFrequency)
    {
        HashSet<(int, int)> done = [];
        List<(string Left, string Right)> merges = [];
        while (_tokens.Count < tokenCount && _queue.Take(minFrequency) is (int left, int right) pair)
        {
            int product = IdOf(pair);
            if (done.Add(pair))
                merges.Add((_tokens[left], _tokens[right]));
            Apply(pair, product);
        }

        return merges;
    }

    /// <summary>Two pairs may spell the same token, which then has one id.</summary>
    int IdOf((int Left, int Right) pair)
    {
        string token = _tokens[pair.Left] + _tokens[pair.Right];
        if (_ids.TryAdd(token, _tokens.Count))
        {
            _tokens.Add(token);
            _bytesOf.Add([.. _bytesOf[pair.Left], .. _bytesOf[pair.Right]]);
        }

        return _ids[token];
    }

    void Apply((int Left, int Right) pair, int product)
    {
        _wordsWith.Remove(pair, out HashSet<int>? words);
        Dictionary<(int, int), long> changes = [];
        foreach (int w in words!)
        {
            foreach ((int, int) old in PairsOf(_words[w]))
                changes[old] = changes.GetValueOrDefault(old) - _frequencies[w];
            _words[w] = Merged(_words[w], pair, product);
            AddPairs(w, changes);
        }

        _queue.Change(changes);
    }

    void AddPairs(int w, Dictionary<(int, int), long> changes)
    {
        foreach ((int, int) pair in PairsOf(_words[w]))
        {
            changes[pair] = changes.GetValueOrDefault(pair) + _frequencies[w];
            if (!_wordsWith.TryGetValue(pair, out HashSet<int>? words))
                _wordsWith[pair] = words = [];
            words.Add(w);
        }
    }

    static IEnumerable<(int Left, int Right)> PairsOf(int[] word) => word.Zip(word.Skip(1));

    static int[] Merged(int[] word, (int Left, int Right) pair, int product)
    {
        List<int> merged = new(word.Length);
        for (int i = 0; i < word.Length; i++)
        {
            bool isPair = i + 1 < word.Length && word[i] == pair.Left && word[i + 1] == pair.Right;
            merged.Add(isPair ? product : word[i]);
            i += isPair ? 1 : 0;
        }

        return [.. merged];
    }
}
