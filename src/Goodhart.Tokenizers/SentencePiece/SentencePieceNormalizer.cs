using System.Text;
using Goodhart.Tokenizers.Models;
using Goodhart.Tokenizers.Normalizers;

namespace Goodhart.Tokenizers.SentencePiece;

/// <summary>Rewrites text as a SentencePiece model says: by its map, without needless spaces, with U+2581 for a space.</summary>
sealed class SentencePieceNormalizer(CharactersMap? map, PieceTrie? untouched, bool removesExtraSpaces, bool escapesSpaces) : INormalizer
{
    public const char Mark = '\u2581';

    public string Normalize(string text)
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(text);
        StringBuilder normalized = new(text.Length);
        bool afterSpace = removesExtraSpaces;
        for ((int at, int atByte) = (0, 0); at < text.Length;)
        {
            (int taken, int takenBytes, string rewritten) = Next(text.AsSpan(at), utf8.AsSpan(atByte));
            (at, atByte) = (at + taken, atByte + takenBytes);
            if (afterSpace)
                rewritten = rewritten.TrimStart(' ');
            if (rewritten.Length > 0)
                afterSpace = removesExtraSpaces && rewritten.EndsWith(' ');
            normalized.Append(rewritten);
        }

        if (escapesSpaces)
            normalized.Replace(' ', Mark);
        string result = normalized.ToString();
        return removesExtraSpaces ? result.TrimEnd(escapesSpaces ? Mark : ' ') : result;
    }

    (int Taken, int TakenBytes, string Rewritten) Next(ReadOnlySpan<char> text, ReadOnlySpan<byte> utf8)
    {
        int whole = untouched?.LongestPrefix(text).Length ?? 0;
        if (whole == 0 && map?.Longest(utf8) is (int length and > 0, ReadOnlyMemory<byte> replacement))
            return (Encoding.UTF8.GetCharCount(utf8[..length]), length, Encoding.UTF8.GetString(replacement.Span));

        if (whole == 0)
            whole = char.IsHighSurrogate(text[0]) ? 2 : 1;
        return (whole, Encoding.UTF8.GetByteCount(text[..whole]), text[..whole].ToString());
    }
}
