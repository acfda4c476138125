using System.Text;
using Goodhart.Testing;
using Goodhart.Tokenizers.Tests.Fixtures;

namespace Goodhart.Tokenizers.Tests;

public sealed class Llama2cVocabularyTests : IDisposable
{
    static readonly string[] Pieces = [" t", "he", " a", " the", "nd", " and", "en", "th", " ", "t", "h", "e", "a", "n", "d", "\u00E9"];

    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SharedDataFact]
    public void A_published_vocabulary_encodes_as_its_model_was_trained()
    {
        Tokenizer tokenizer = LoadTok512();

        Assert.Equal([1, 403, 407, 261, 378], tokenizer.Encode("Once upon a time"));
        Assert.Equal("Once upon a time", tokenizer.Decode([1, 403, 407, 261, 378]));
        Assert.Equal(512, tokenizer.VocabularySize);
        Assert.Equal((1, 2, null, 0), (tokenizer.BosId, tokenizer.EosId, tokenizer.PadId, tokenizer.UnknownId));
    }

    [SharedDataFact]
    public void A_published_vocabulary_merges_the_greatest_score_first_on_a_whole_book()
    {
        byte[] file = File.ReadAllBytes(PathOfTok512);
        string[] lines = File.ReadAllLines(SharedData.PathOf("data", "tokenizers", "sentencepiece", "botchan.txt"));
        Tokenizer tokenizer = LoadTok512();

        foreach (string line in lines.Take(1000))
            Assert.Equal(EncodedPlainly(line, file), tokenizer.Encode(line));
    }

    [SharedDataTheory]
    [MemberData(nameof(AwkwardTexts.All), MemberType = typeof(AwkwardTexts))]
    public void A_saved_vocabulary_encodes_as_before(string text)
    {
        Tokenizer tokenizer = LoadTok512();
        tokenizer.Save(_folder.Path);

        Assert.Equal(tokenizer.Encode(text), Tokenizer.Load(_folder.Path).Encode(text));
    }

    [Theory]
    [InlineData("the then and a hen")]
    [InlineData(" two  spaces ")]
    [InlineData("")]
    [InlineData("caf\u00E9 \U0001F600\n")]
    public void Pieces_are_merged_by_score_and_other_characters_become_bytes(string text)
    {
        byte[] file = Binary();
        Tokenizer tokenizer = Load(file);

        Assert.Equal(EncodedPlainly(text, file), tokenizer.Encode(text));
        Assert.Equal(text, tokenizer.Decode(tokenizer.Encode(text)));
    }

    [Fact]
    public void Special_tokens_have_their_usual_names()
    {
        Tokenizer tokenizer = Load(Binary());
        Assert.Equal(["<unk>", "<s>", "</s>", "<0x00>"], Enumerable.Range(0, 4).Select(tokenizer.TokenOf));
        Assert.Equal("\u2581the", tokenizer.TokenOf(262));
    }

    public static TheoryData<byte[], string> Wrong { get; } = new()
    {
        { [], "should begin with 4 bytes of length" },
        { [0, 0, 0, 0], "the greatest length should be 1 to 1024, got 0" },
        { [255, 255, 255, 127], "the greatest length should be 1 to 1024, got 2147483647" },
        { Binary()[..^1], "but the file only" },
        { Binary()[..^9], "token 274 at byte" },
        { Binary()[..7], "token 0 at byte 4 should begin with 8 bytes" },
        { Binary()[..184], "should have at least 259 tokens, got 13" },
        { With(8, BitConverter.GetBytes(-5)), "token 0 at byte 4 should have 1 to 1024 bytes, got -5" },
        { With(8, BitConverter.GetBytes(int.MaxValue)), "got 2147483647" },
        { With(4, BitConverter.GetBytes(float.NaN)), "has the score NaN" },
        { With(12, [0xFF]), "token 0 at byte 4 is not UTF-8" },
        { Binary([.. Pieces, "he"]), "tokens 260 and 275 are both 'he'" },
        { Binary(firstByte: 1), "token 3 should be '<0x00>', got '<0x01>'" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void A_wrong_file_is_refused_with_the_place(byte[] file, string expected)
    {
        var e = Assert.Throws<TokenizerException>(() => Load(file));
        Assert.Contains("tok.bin: ", e.Message, StringComparison.Ordinal);
        Assert.Contains(expected, e.Message, StringComparison.Ordinal);
    }

    static string PathOfTok512 => SharedData.PathOf("data", "models", "tinyllamas-260k", "tok512.bin");

    static Tokenizer LoadTok512() => Tokenizer.Load(PathOfTok512);

    Tokenizer Load(byte[] file) => Tokenizer.Load(_folder.Write("tok.bin", file));

    static byte[] Binary(string[]? pieces = null, int firstByte = 0)
    {
        using MemoryStream stream = new();
        using BinaryWriter writer = new(stream);
        writer.Write(7);
        string[] bytes = [.. Enumerable.Range(firstByte, 256).Select(b => $"<0x{b % 256:X2}>")];
        string[] tokens = ["<unk>", "\n<s>\n", "\n</s>\n", .. bytes, .. pieces ?? Pieces];
        for (int id = 0; id < tokens.Length; id++)
        {
            byte[] utf8 = Encoding.UTF8.GetBytes(tokens[id]);
            writer.Write(id < 259 ? 0f : 259f - id);
            writer.Write(utf8.Length);
            writer.Write(utf8);
        }

        return stream.ToArray();
    }

    static byte[] With(int at, byte[] bytes)
    {
        byte[] file = Binary();
        bytes.CopyTo(file, at);
        return file;
    }

    /// <summary>The specification: merge the neighbors whose product has the greatest score, the leftmost first.</summary>
    static int[] EncodedPlainly(string text, byte[] file)
    {
        Dictionary<string, (int Id, float Score)> pieces = ReadPieces(file);
        List<int> ids = [];
        List<string> symbols = [];
        foreach (Rune rune in (text.Length == 0 ? "" : " " + text).EnumerateRunes())
        {
            string symbol = rune.ToString();
            symbols.AddRange(pieces.ContainsKey(symbol)
                ? [symbol]
                : Encoding.UTF8.GetBytes(symbol).Select(b => $"<0x{b:X2}>"));
        }

        while (true)
        {
            int best = -1;
            float bestScore = float.NegativeInfinity;
            for (int i = 0; i + 1 < symbols.Count; i++)
            {
                if (pieces.TryGetValue(symbols[i] + symbols[i + 1], out var piece) && piece.Score > bestScore)
                    (best, bestScore) = (i, piece.Score);
            }

            if (best < 0)
                return [1, .. symbols.Select(symbol => pieces[symbol].Id)];
            symbols[best] += symbols[best + 1];
            symbols.RemoveAt(best + 1);
        }
    }

    static Dictionary<string, (int Id, float Score)> ReadPieces(byte[] file)
    {
        Dictionary<string, (int Id, float Score)> pieces = [];
        using BinaryReader reader = new(new MemoryStream(file));
        for (reader.ReadInt32(); reader.BaseStream.Position < file.Length;)
        {
            float score = reader.ReadSingle();
            pieces.Add(Encoding.UTF8.GetString(reader.ReadBytes(reader.ReadInt32())), (pieces.Count, score));
        }

        return pieces;
    }
}
