using System.Globalization;
using System.Text;
using Goodhart.Tokenizers.SentencePiece;

namespace Goodhart.Tokenizers.Normalizers;

/// <summary>Rewrites text by the map of a SentencePiece model, in the way of <c>tokenizer.json</c>.</summary>
/// <remarks>
/// SentencePiece takes the longest entry at every place. This format looks at one user-perceived character at a time, as a
/// whole where it has less than 6 bytes and else code point by code point, and takes the shortest entry for all of it.
/// </remarks>
sealed class PrecompiledNormalizer(CharactersMap map) : INormalizer
{
    const int LongBytes = 6;

    public static PrecompiledNormalizer Read(JsonSection section)
    {
        JsonSection base64 = section.Get("precompiled_charsmap");
        var bytes = new byte[base64.Text().Length];
        return Convert.TryFromBase64String(base64.Text(), bytes, out int length)
            ? new PrecompiledNormalizer(CharactersMap.Read(bytes.AsSpan(0, length), base64.Path))
            : throw base64.Not("base64");
    }

    public string Normalize(string text)
    {
        StringBuilder normalized = new(text.Length);
        for (int at = 0, length; at < text.Length; at += length)
        {
            length = StringInfo.GetNextTextElementLength(text, at);
            string element = text.Substring(at, length);
            if (Encoding.UTF8.GetByteCount(element) < LongBytes && Rewritten(element) is string whole)
            {
                Growth.Check(text.Length, normalized.Length + whole.Length);
                normalized.Append(whole);
                continue;
            }

            foreach (Rune rune in element.EnumerateRunes())
            {
                string rewritten = Rewritten(rune.ToString()) ?? rune.ToString();
                Growth.Check(text.Length, normalized.Length + rewritten.Length);
                normalized.Append(rewritten);
            }
        }

        return normalized.ToString();
    }

    string? Rewritten(string element)
    {
        (int length, ReadOnlyMemory<byte> replacement) = map.Shortest(Encoding.UTF8.GetBytes(element));
        return length > 0 ? Encoding.UTF8.GetString(replacement.Span) : null;
    }
}
