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
        ReadOnlySpan<byte> utf8 = Encoding.UTF8.GetBytes(text);
        ReadOnlySpan<char> rest = text;
        StringBuilder normalized = new(text.Length);
        bool afterSpace = removesExtraSpaces;
        while (!rest.IsEmpty)
        {
            ReadOnlySpan<char> rewritten = Next(rest, utf8, out int taken, out int takenBytes);
            rest = rest[taken..];
            utf8 = utf8[takenBytes..];
            if (afterSpace)
                rewritten = rewritten.TrimStart(' ');
            if (!rewritten.IsEmpty)
                afterSpace = removesExtraSpaces && rewritten[^1] == ' ';
            Growth.Check(text.Length, normalized.Length + rewritten.Length);
            normalized.Append(rewritten);
        }

        if (escapesSpaces)
            normalized.Replace(' ', Mark);
        string result = normalized.ToString();
        return removesExtraSpaces ? result.TrimEnd(escapesSpaces ? Mark : ' ') : result;
    }

    /// <summary>What is written for the beginning of a text, and how much of it that is.</summary>
    ReadOnlySpan<char> Next(ReadOnlySpan<char> text, ReadOnlySpan<byte> utf8, out int taken, out int takenBytes)
    {
        taken = untouched?.LongestPrefix(text).Length ?? 0;
        if (taken == 0 && map?.Longest(utf8) is (int length and > 0, ReadOnlyMemory<byte> replacement))
        {
            takenBytes = length;
            taken = Encoding.UTF8.GetCharCount(utf8[..length]);
            return Encoding.UTF8.GetString(replacement.Span);
        }

        if (taken == 0)
            taken = char.IsHighSurrogate(text[0]) ? 2 : 1;
        takenBytes = taken == 1 && text[0] < 0x80 ? 1 : Encoding.UTF8.GetByteCount(text[..taken]);
        return text[..taken];
    }
}
