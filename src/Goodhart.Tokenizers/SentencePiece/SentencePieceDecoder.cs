using System.Buffers;
using System.Text;
using Goodhart.Tokenizers.Decoders;

namespace Goodhart.Tokenizers.SentencePiece;

/// <summary>Turns pieces into text as SentencePiece does: marks to spaces but for the dummy one, byte pieces to bytes.</summary>
sealed class SentencePieceDecoder(string unknown, string unknownSurface, bool dropsFirstSpace, bool dropsFirstSpaces) : IDecoder
{
    public IReadOnlyList<string> Decode(IReadOnlyList<string> tokens)
    {
        StringBuilder text = new();
        List<byte> bytes = [];
        bool isAtStart = true;
        foreach (string token in tokens)
        {
            if (ByteToken.TryParse(token, out byte value))
            {
                bytes.Add(value);
                continue;
            }

            EndBytes(bytes, text);
            isAtStart &= text.Length == 0;
            string piece = token == unknown ? unknownSurface : token;
            if (isAtStart && dropsFirstSpace && piece.StartsWith(SentencePieceNormalizer.Mark))
            {
                piece = piece[1..];
                isAtStart = dropsFirstSpaces;
            }

            text.Append(piece.Replace(SentencePieceNormalizer.Mark, ' '));
        }

        EndBytes(bytes, text);
        return [text.ToString()];
    }

    /// <summary>Each byte that is no part of a character becomes U+FFFD.</summary>
    static void EndBytes(List<byte> run, StringBuilder text)
    {
        ReadOnlySpan<byte> bytes = [.. run];
        run.Clear();
        while (!bytes.IsEmpty)
        {
            bool isCharacter = Rune.DecodeFromUtf8(bytes, out Rune rune, out int length) == OperationStatus.Done;
            text.Append(rune.ToString());
            bytes = bytes[(isCharacter ? length : 1)..];
        }
    }
}
