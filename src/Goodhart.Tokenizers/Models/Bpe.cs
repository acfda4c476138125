using System.Collections.Concurrent;
using System.Text;

namespace Goodhart.Tokenizers.Models;

/// <summary>What becomes of characters that are no tokens, and of words that are.</summary>
sealed record BpeOptions
{
    /// <summary>The tokens that text may begin as, before merges. Default all.</summary>
    public Dictionary<string, int>? Symbols { get; init; }

    /// <summary>The ids of the byte tokens that unknown characters are spelled in, -1 for missing ones; null where they are not.</summary>
    public int[]? ByteIds { get; init; }

    /// <summary>The id that stands for an unknown character; null where it is an error.</summary>
    public int? UnknownId { get; init; }

    /// <summary>Whether neighboring unknown characters share one id.</summary>
    public bool FuseUnknown { get; init; }

    /// <summary>Whether a word that is a token is taken whole, although no merges may lead to it.</summary>
    public bool IgnoreMerges { get; init; }

    /// <summary>Tokens that are taken whole wherever they occur, the longest first; no merge has a part in them.</summary>
    public IReadOnlyCollection<KeyValuePair<string, int>> Unbreakable { get; init; } = [];

    /// <summary>Written before each character but the first where its token is looked up. Default none.</summary>
    public string ContinuingPrefix { get; init; } = "";

    /// <summary>Written after the last character of a word where its token is looked up. Default none.</summary>
    public string EndOfWordSuffix { get; init; } = "";
}

/// <summary>Byte-pair encoding: starts from characters, then merges the neighbors of lowest rank again and again.</summary>
sealed class Bpe : IModel
{
    const int CachedWords = 1 << 16;
    const int LongestCachedWord = 64;

    [ThreadStatic]
    static SymbolChain? _chainOfThread;

    readonly Dictionary<string, int> _ids;
    readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _idOf;
    readonly MergeTable _merges;
    readonly WordCutter? _cutter;
    readonly BpeOptions _options;
    readonly PieceTrie? _unbreakable;
    readonly ConcurrentDictionary<string, int[]> _cache = new(StringComparer.Ordinal);
    readonly ConcurrentDictionary<string, int[]>.AlternateLookup<ReadOnlySpan<char>> _cached;
    int _cachedCount;

    public Bpe(Dictionary<string, int> ids, MergeTable merges, BpeOptions options)
    {
        _ids = ids;
        _idOf = (options.Symbols ?? ids).GetAlternateLookup<ReadOnlySpan<char>>();
        _cached = _cache.GetAlternateLookup<ReadOnlySpan<char>>();
        _merges = merges;
        _options = options;
        if (options.Unbreakable.Count > 0)
            _unbreakable = new PieceTrie(options.Unbreakable);

        bool isPlain = _unbreakable is null && options is { IgnoreMerges: false, ContinuingPrefix: "", EndOfWordSuffix: "" };
        if (isPlain)
            _cutter = new WordCutter(ids, ids.Where(entry => merges.Makes(entry.Value)).Select(entry => entry.Key));
    }

    public IEnumerable<KeyValuePair<string, int>> Tokens => _ids;

    public int? UnknownId => _options.UnknownId;

    public void Encode(ReadOnlySpan<char> piece, List<int> ids)
    {
        if (piece.Length <= LongestCachedWord || _cutter is null)
        {
            EncodePart(piece, ids);
            return;
        }

        for (int start = 0, end; start < piece.Length; start = end)
        {
            end = _cutter.EndOfPart(piece, start);
            EncodePart(piece[start..end], ids);
        }
    }

    void EncodePart(ReadOnlySpan<char> part, List<int> ids)
    {
        if (part.Length > LongestCachedWord)
        {
            EncodeNew(part, ids);
            return;
        }

        if (_cached.TryGetValue(part, out int[]? known))
        {
            ids.AddRange(known.AsSpan());
            return;
        }

        int before = ids.Count;
        EncodeNew(part, ids);
        if (_cachedCount < CachedWords && _cache.TryAdd(part.ToString(), [.. ids[before..]]))
            Interlocked.Increment(ref _cachedCount);
    }

    void EncodeNew(ReadOnlySpan<char> word, List<int> ids)
    {
        if (_options.IgnoreMerges && _idOf.TryGetValue(word, out int whole))
        {
            ids.Add(whole);
            return;
        }

        SymbolChain chain = _chainOfThread ??= new SymbolChain();
        chain.Clear();
        AddSymbols(word, chain);
        chain.MergeAll(_merges);
        chain.CopyTo(ids);
    }

    void AddSymbols(ReadOnlySpan<char> word, SymbolChain chain)
    {
        List<int> bytes = [];
        bool afterUnknown = false;
        int length;
        for (int at = 0; at < word.Length; at += length)
        {
            (length, int id) = _unbreakable?.LongestPrefix(word[at..]) ?? default;
            if (length > 0)
            {
                chain.Add(id);
                afterUnknown = false;
                continue;
            }

            length = char.IsHighSurrogate(word[at]) ? 2 : 1;
            ReadOnlySpan<char> symbol = Affixed(word, at, length);
            bool isUnknown = false;
            if (_idOf.TryGetValue(symbol, out id))
                chain.Add(id);
            else if (_options.ByteIds is int[] byteIds && ByteToken.Spell(symbol, byteIds, bytes))
            {
                bytes.ForEach(chain.Add);
                bytes.Clear();
            }
            else
            {
                isUnknown = true;
                if (!(afterUnknown && _options.FuseUnknown))
                    chain.Add(_options.UnknownId ?? throw Unrepresentable(word.Slice(at, length)));
            }

            afterUnknown = isUnknown;
        }
    }

    ReadOnlySpan<char> Affixed(ReadOnlySpan<char> word, int at, int length)
    {
        ReadOnlySpan<char> symbol = word.Slice(at, length);
        string prefix = at > 0 ? _options.ContinuingPrefix : "";
        string suffix = at + length == word.Length ? _options.EndOfWordSuffix : "";
        return prefix.Length + suffix.Length == 0 ? symbol : $"{prefix}{symbol}{suffix}";
    }

    static TokenizerException Unrepresentable(ReadOnlySpan<char> symbol)
    {
        Rune.DecodeFromUtf16(symbol, out Rune rune, out _);
        return new TokenizerException(
            $"The text has '{rune}' (U+{rune.Value:X4}), and the vocabulary no token, no bytes and no unknown token for it.");
    }
}
