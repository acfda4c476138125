using System.Collections.Concurrent;
using System.Text;

namespace Goodhart.Tokenizers.Models;

/// <summary>What becomes of characters that are no tokens, and of words that are.</summary>
sealed record BpeOptions
{
    /// <summary>Whether to spell an unknown character in byte tokens such as <c>&lt;0x0A&gt;</c>.</summary>
    public bool ByteFallback { get; init; }

    /// <summary>The id that stands for an unknown character; null where it is an error.</summary>
    public int? UnknownId { get; init; }

    /// <summary>Whether neighboring unknown characters share one id.</summary>
    public bool FuseUnknown { get; init; }

    /// <summary>Whether a word that is a token is taken whole, although no merges may lead to it.</summary>
    public bool IgnoreMerges { get; init; }
}

/// <summary>Byte-pair encoding: starts from characters, then merges the neighbors of lowest rank again and again.</summary>
sealed class Bpe
{
    const int CachedWords = 1 << 15;
    const int LongestCachedWord = 64;

    readonly Dictionary<string, int> _ids;
    readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _idOfSpan;
    readonly MergeTable _merges;
    readonly WordCutter _cutter;
    readonly BpeOptions _options;
    readonly int[]? _byteIds;
    readonly ConcurrentDictionary<string, int[]> _cache = new(StringComparer.Ordinal);
    int _cached;

    public Bpe(Dictionary<string, int> ids, MergeTable merges, BpeOptions options)
    {
        _ids = ids;
        _idOfSpan = ids.GetAlternateLookup<ReadOnlySpan<char>>();
        _merges = merges;
        _cutter = new WordCutter(ids, ids.Where(entry => merges.Makes(entry.Value)).Select(entry => entry.Key));
        _options = options;
        if (options.ByteFallback)
            _byteIds = [.. Enumerable.Range(0, 256).Select(b => ids.GetValueOrDefault(ByteToken.Of((byte)b), -1))];
    }

    public IEnumerable<KeyValuePair<string, int>> Tokens => _ids;

    public int? UnknownId => _options.UnknownId;

    /// <summary>Appends the ids of one word, using <paramref name="chain"/> as working memory.</summary>
    public void Encode(string word, SymbolChain chain, List<int> ids)
    {
        if (word.Length <= LongestCachedWord || _options.IgnoreMerges)
        {
            EncodePart(word, chain, ids);
            return;
        }

        for (int start = 0, end; start < word.Length; start = end)
        {
            end = _cutter.EndOfPart(word, start);
            EncodePart(word[start..end], chain, ids);
        }
    }

    void EncodePart(string part, SymbolChain chain, List<int> ids)
    {
        if (_cache.TryGetValue(part, out int[]? known))
        {
            ids.AddRange(known);
            return;
        }

        int before = ids.Count;
        if (_options.IgnoreMerges && _ids.TryGetValue(part, out int whole))
            ids.Add(whole);
        else
            MergeSymbols(part, chain, ids);

        if (part.Length <= LongestCachedWord && _cached < CachedWords && _cache.TryAdd(part, [.. ids[before..]]))
            Interlocked.Increment(ref _cached);
    }

    void MergeSymbols(string word, SymbolChain chain, List<int> ids)
    {
        chain.Clear();
        bool afterUnknown = false;
        int length;
        for (int at = 0; at < word.Length; at += length)
        {
            length = char.IsHighSurrogate(word[at]) ? 2 : 1;
            ReadOnlySpan<char> symbol = word.AsSpan(at, length);
            if (_idOfSpan.TryGetValue(symbol, out int id))
            {
                chain.Add(id);
                afterUnknown = false;
            }
            else if (AddBytes(symbol, chain))
                afterUnknown = false;
            else
            {
                if (!(afterUnknown && _options.FuseUnknown))
                    chain.Add(_options.UnknownId ?? throw Unrepresentable(symbol));
                afterUnknown = true;
            }
        }

        chain.MergeAll(_merges);
        chain.CopyTo(ids);
    }

    /// <summary>Adds a character as byte tokens, if there is one for each of its bytes.</summary>
    bool AddBytes(ReadOnlySpan<char> symbol, SymbolChain chain)
    {
        if (_byteIds is null)
            return false;

        Span<byte> utf8 = stackalloc byte[4];
        utf8 = utf8[..Encoding.UTF8.GetBytes(symbol, utf8)];
        foreach (byte b in utf8)
        {
            if (_byteIds[b] < 0)
                return false;
        }

        foreach (byte b in utf8)
            chain.Add(_byteIds[b]);
        return true;
    }

    static TokenizerException Unrepresentable(ReadOnlySpan<char> symbol)
    {
        Rune.DecodeFromUtf16(symbol, out Rune rune, out _);
        return new TokenizerException(
            $"The text has '{rune}' (U+{rune.Value:X4}), and the vocabulary no token, no bytes and no unknown token for it.");
    }
}
