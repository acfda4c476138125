using System.Buffers.Binary;
using System.Text.Unicode;

namespace Goodhart.Tokenizers.SentencePiece;

/// <summary>A <c>precompiled_charsmap</c>: texts, and what is written for each.</summary>
/// <remarks>4 bytes of length, a <see cref="DoubleArrayTrie"/> of that length, texts that each end in a zero byte.</remarks>
sealed class CharactersMap
{
    readonly string _where;
    readonly DoubleArrayTrie _trie;
    readonly byte[] _texts;

    CharactersMap(string where, DoubleArrayTrie trie, byte[] texts)
    {
        _where = where;
        _trie = trie;
        _texts = texts;
    }

    public static CharactersMap Read(ReadOnlySpan<byte> map, string where)
    {
        if (map.Length < 4)
            throw new TokenizerException($"{where} should begin with 4 bytes of length, got {map.Length} bytes.");

        uint trieLength = BinaryPrimitives.ReadUInt32LittleEndian(map);
        if (trieLength % 4 != 0 || trieLength < 4 || trieLength > map.Length - 4)
            throw new TokenizerException(
                $"{where} says its trie has {trieLength} bytes; it should be a multiple of 4 within the {map.Length - 4} there are.");

        var units = new uint[trieLength / 4];
        for (int i = 0; i < units.Length; i++)
            units[i] = BinaryPrimitives.ReadUInt32LittleEndian(map[(4 + (4 * i))..]);

        byte[] texts = [.. map[(4 + (int)trieLength)..]];
        if (texts.Length > 0 && texts[^1] != 0)
            throw new TokenizerException($"{where} should end in a zero byte, got {texts[^1]}.");
        if (!Utf8.IsValid(texts))
            throw new TokenizerException($"{where} has texts that are not UTF-8.");
        return new CharactersMap(where, new DoubleArrayTrie(units), texts);
    }

    /// <summary>What to write for the longest text in the map that some UTF-8 begins with; length 0 where there is none.</summary>
    public (int Length, ReadOnlyMemory<byte> Replacement) Longest(ReadOnlySpan<byte> utf8) =>
        TextOf(_trie.LongestPrefix(utf8), utf8);

    /// <summary>The same for the shortest.</summary>
    public (int Length, ReadOnlyMemory<byte> Replacement) Shortest(ReadOnlySpan<byte> utf8) =>
        TextOf(_trie.ShortestPrefix(utf8), utf8);

    (int Length, ReadOnlyMemory<byte> Replacement) TextOf((int Length, int Index) found, ReadOnlySpan<byte> utf8)
    {
        if (found.Length == 0)
            return (0, default);
        if (found.Index >= _texts.Length)
            throw new TokenizerException($"{_where} leads to byte {found.Index} of {_texts.Length}: the file is damaged.");
        if (found.Length < utf8.Length && (utf8[found.Length] & 0xC0) == 0x80)
            throw new TokenizerException($"{_where} ends within a character: the file is damaged.");

        ReadOnlyMemory<byte> rest = _texts.AsMemory(found.Index);
        return (found.Length, rest[..rest.Span.IndexOf((byte)0)]);
    }
}
