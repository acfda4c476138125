using System.Buffers.Binary;
using System.Text;
using System.Text.Unicode;
using Goodhart.Tokenizers.Files;

namespace Goodhart.Tokenizers;

/// <summary>Reads llama2.c's <c>tok*.bin</c> as the SentencePiece-style tokenizer that it was made from.</summary>
/// <remarks>
/// Little-endian: int32 greatest token length, then for each token float32 score, int32 length and UTF-8 bytes.
/// Ids 0 to 2 are unknown, BOS and EOS, 3 to 258 the bytes, and the rest pieces with spaces for U+2581.
/// </remarks>
static class Llama2cVocabulary
{
    const int MaxLength = 1024; // of a token, in bytes
    const int FirstPiece = 259; // after unknown, BOS, EOS and the bytes
    const string Unknown = "<unk>", Bos = "<s>", Eos = "</s>";

    readonly record struct ScoredToken(string Text, float Score);

    public static TokenizerSource Read(byte[] file, string name)
    {
        List<ScoredToken> tokens = ReadTokens(file, name);
        CheckLayout(tokens, name);

        string[] texts =
        [
            Unknown, Bos, Eos,
            .. Enumerable.Range(0, 256).Select(b => ByteToken.Of((byte)b)),
            .. tokens.Skip(FirstPiece).Select(token => token.Text.Replace(' ', '\u2581')),
        ];
        IEnumerable<(string, string)> merges = MergesOf(texts, tokens, name);
        return TokenizerSource.OfJson(new NamedFile(name, TokenizerJsonWriter.SentencePiece(texts, merges, Unknown, Bos, Eos)), []);
    }

    static List<ScoredToken> ReadTokens(byte[] file, string name)
    {
        if (file.Length < sizeof(int))
            throw new TokenizerException($"{name}: should begin with 4 bytes of length, got {file.Length} bytes.");

        int longest = BinaryPrimitives.ReadInt32LittleEndian(file);
        if (!IsLength(longest))
            throw new TokenizerException($"{name}: the greatest length should be 1 to {MaxLength}, got {longest}.");

        List<ScoredToken> tokens = [];
        for (int at = sizeof(int); at < file.Length;)
        {
            ReadOnlySpan<byte> rest = file.AsSpan(at);
            string where = $"{name}: token {tokens.Count} at byte {at}";
            if (rest.Length < 8)
                throw new TokenizerException($"{where} should begin with 8 bytes, but the file has only {rest.Length} more.");

            float score = BinaryPrimitives.ReadSingleLittleEndian(rest);
            int length = BinaryPrimitives.ReadInt32LittleEndian(rest[4..]);
            rest = rest[8..];
            if (!float.IsFinite(score))
                throw new TokenizerException($"{where} has the score {score}, which cannot be ranked.");
            if (!IsLength(length)) // not compared with the greatest, which counts pieces only
                throw new TokenizerException($"{where} should have 1 to {MaxLength} bytes, got {length}.");
            if (length > rest.Length)
                throw new TokenizerException($"{where} has {length} bytes, but the file only {rest.Length} more.");
            if (!Utf8.IsValid(rest[..length]))
                throw new TokenizerException($"{where} is not UTF-8.");

            tokens.Add(new ScoredToken(Encoding.UTF8.GetString(rest[..length]), score));
            at += 8 + length;
        }

        return tokens;
    }

    static bool IsLength(int length) => length is >= 1 and <= MaxLength;

    static void CheckLayout(List<ScoredToken> tokens, string name)
    {
        if (tokens.Count < FirstPiece)
            throw new TokenizerException($"{name}: should have at least {FirstPiece} tokens, got {tokens.Count}.");

        for (int b = 0; b < 256; b++)
        {
            (string expected, string got) = (ByteToken.Of((byte)b), tokens[3 + b].Text);
            if (got != expected)
                throw new TokenizerException($"{name}: token {3 + b} should be '{expected}', got '{got}'.");
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
