using System.Buffers.Binary;
using System.Text;

namespace Goodhart.Tokenizers;

/// <summary>Reads llama2.c's <c>tok*.bin</c> as the SentencePiece-style tokenizer that it was made from.</summary>
/// <remarks>
/// Little-endian: int32 greatest token length, then for each token float32 score, int32 length and UTF-8 bytes.
/// Ids 0 to 2 are unknown, BOS and EOS, 3 to 258 the bytes, and the rest pieces with spaces for U+2581.
/// </remarks>
static class Llama2cVocabulary
{
    const int MaxTokenLength = 1024;
    const int FirstPiece = 259;
    const string Unknown = "<unk>", Bos = "<s>", Eos = "</s>";

    static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    readonly record struct ScoredToken(string Text, float Score);

    public static Tokenizer Read(byte[] file, string name)
    {
        List<ScoredToken> tokens = ReadTokens(file, name);
        CheckLayout(tokens, name);

        string[] texts =
        [
            Unknown, Bos, Eos,
            .. Enumerable.Range(0, 256).Select(b => ByteToken.Of((byte)b)),
            .. tokens.Skip(FirstPiece).Select(token => token.Text.Replace(' ', '\u2581')),
        ];
        return new Tokenizer(TokenizerJsonWriter.SentencePiece(texts, MergesOf(texts, tokens, name), Unknown, Bos, Eos), name);
    }

    static List<ScoredToken> ReadTokens(byte[] file, string name)
    {
        if (file.Length < sizeof(int))
            throw new TokenizerException($"{name}: should begin with the greatest token length (4 bytes), got {file.Length} bytes.");

        int longest = BinaryPrimitives.ReadInt32LittleEndian(file);
        if (longest is < 1 or > MaxTokenLength)
            throw new TokenizerException($"{name}: the greatest token length should be 1 to {MaxTokenLength}, got {longest}.");

        List<ScoredToken> tokens = [];
        for (int at = sizeof(int); at < file.Length;)
        {
            ReadOnlySpan<byte> rest = file.AsSpan(at);
            if (rest.Length < 8)
                throw new TokenizerException($"{name}: ends inside token {tokens.Count}, at byte {at}.");

            float score = BinaryPrimitives.ReadSingleLittleEndian(rest);
            int length = BinaryPrimitives.ReadInt32LittleEndian(rest[4..]);
            // Writers measure the greatest length before they respell the first three tokens and the bytes.
            if (length is < 1 or > MaxTokenLength)
                throw new TokenizerException($"{name}: token {tokens.Count} at byte {at} should have 1 to {MaxTokenLength} bytes, got {length}.");
            if (length > rest.Length - 8)
                throw new TokenizerException($"{name}: token {tokens.Count} at byte {at} has {length} bytes, but the file ends after {rest.Length - 8}.");
            if (!float.IsFinite(score))
                throw new TokenizerException($"{name}: token {tokens.Count} at byte {at} has the score {score}, which cannot be ranked.");

            tokens.Add(new ScoredToken(Text(rest.Slice(8, length), tokens.Count, name), score));
            at += 8 + length;
        }

        return tokens;
    }

    static string Text(ReadOnlySpan<byte> utf8, int id, string name)
    {
        try
        {
            return Strict.GetString(utf8);
        }
        catch (DecoderFallbackException e)
        {
            throw new TokenizerException($"{name}: token {id} is not UTF-8.", e);
        }
    }

    static void CheckLayout(List<ScoredToken> tokens, string name)
    {
        if (tokens.Count < FirstPiece)
            throw new TokenizerException($"{name}: should have 3 special and 256 byte tokens at least, got {tokens.Count} tokens in all.");

        for (int b = 0; b < 256; b++)
        {
            if (tokens[3 + b].Text != ByteToken.Of((byte)b))
                throw new TokenizerException($"{name}: token {3 + b} should be '{ByteToken.Of((byte)b)}', got '{tokens[3 + b].Text}'.");
        }
    }

    /// <summary>Every way to put a piece together from two others, the pieces of greatest score first.</summary>
    static IEnumerable<(string Left, string Right)> MergesOf(string[] texts, List<ScoredToken> tokens, string name)
    {
        Dictionary<string, int> ids = new(StringComparer.Ordinal);
        for (int id = 0; id < texts.Length; id++)
        {
            if (!ids.TryAdd(texts[id], id))
                throw new TokenizerException($"{name}: tokens {ids[texts[id]]} and {id} are both '{texts[id]}'.");
        }

        return Enumerable.Range(FirstPiece, texts.Length - FirstPiece)
            .OrderByDescending(id => tokens[id].Score)
            .SelectMany(id => Halves(texts[id]).Where(pair => IsPiece(pair.Left) && IsPiece(pair.Right)));

        bool IsPiece(string text) => ids.TryGetValue(text, out int id) && id >= FirstPiece;
    }

    static IEnumerable<(string Left, string Right)> Halves(string text) =>
        Enumerable.Range(1, text.Length - 1).Select(at => (text[..at], text[at..]));
}
