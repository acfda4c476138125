using Goodhart.Tokenizers.SentencePiece.Protocol;
using Goodhart.Tokenizers.Tests.Fixtures;
using ModelType = Goodhart.Tokenizers.SentencePiece.Protocol.TrainerSpec.Types.ModelType;
using PieceType = Goodhart.Tokenizers.SentencePiece.Protocol.Piece.Types.Type;

namespace Goodhart.Tokenizers.Tests.SentencePiece;

public sealed class SentencePieceTests
{
    static TinyModel Unigram => new(ModelType.Unigram, ("_", -2), ("a", -3), ("b", -3), ("ab", -4), ("_a", -4), ("bb", -7));

    static TinyModel Bpe => new(ModelType.Bpe, ("_", -10), ("a", -11), ("b", -12), ("ab", -1), ("ba", -2), ("_a", -1), ("aa", -3));

    [Theory]
    [InlineData("ab", "_|ab")] // -6, where _a b has -7 and _ a b -8
    [InlineData("bb", "_|b|b")] // -8, where _ bb has -9
    [InlineData("ac", "_a|<unk>")]
    [InlineData("accc b", "_a|<unk>|_|b")] // unknown neighbors are one
    [InlineData("", "")]
    [InlineData("   ", "")]
    [InlineData("  a  b ", "_a|_|b")] // needless spaces
    public void Unigram_takes_the_path_of_greatest_score(string text, string expected) =>
        Assert.Equal(expected, Unigram.Tokens(text));

    [Theory]
    [InlineData("ab", "_a|b")] // of equal scores the leftmost
    [InlineData("bab", "_|b|ab")]
    [InlineData("baab", "_|ba|ab")]
    [InlineData("aaa", "_a|aa")]
    [InlineData("acca", "_a|<unk>|a")]
    public void Bpe_merges_the_piece_of_greatest_score_first(string text, string expected) =>
        Assert.Equal(expected, Bpe.Tokens(text));

    [Fact]
    public void Unknown_text_is_spelled_in_bytes_where_the_model_says_so()
    {
        foreach (TinyModel model in new[] { Unigram, Bpe })
        {
            Assert.Equal("_a|<0xC3>|<0xA9>", model.AddBytes().Tokens("a\u00E9"));
            Assert.Equal("a\u00E9", model.Read().Decode(model.Read().Encode("a\u00E9")));
        }
    }

    [Fact]
    public void A_user_defined_piece_is_taken_whole_and_not_normalized()
    {
        foreach (TinyModel model in new[] { Unigram, Bpe })
            Assert.Equal("_|bX|a", model.Add("bX", 0, PieceType.UserDefined).Map('X', "").Tokens("bXXa"));
    }

    [Fact]
    public void An_unused_piece_is_never_taken()
    {
        Assert.Equal("_|b|a", Unigram.Add("ba", 0, PieceType.Unused).Tokens("ba"));
        Refused(Bpe.Add("bb", 0, PieceType.Unused), "unused pieces are not supported");
    }

    [Fact]
    public void The_map_of_characters_rewrites_text_before_spaces_are_looked_at()
    {
        Assert.Equal("_|bb|_a", new TinyModel(ModelType.Unigram, ("_", -2), ("bb", -1), ("_a", -1)).Map('Q', "bb ").Tokens("Q a"));
        Assert.Equal("", Unigram.Map('Q', " ").Tokens("QQ"));
    }

    [Theory]
    [InlineData(true, true, " a  b ", "_a|_|b")]
    [InlineData(false, true, " a  b", "a|_|b")]
    [InlineData(true, false, " a", "_|_a")]
    [InlineData(false, false, "a  b ", "a|_|_|b|_")]
    public void Spaces_are_treated_as_the_model_says(bool prefix, bool removes, string text, string expected)
    {
        TinyModel model = Unigram;
        model.Proto.NormalizerSpec.AddDummyPrefix = prefix;
        model.Proto.NormalizerSpec.RemoveExtraWhitespaces = removes;
        Assert.Equal(expected, model.Tokens(text));
    }

    [Fact]
    public void Control_pieces_written_in_the_text_become_their_ids_and_are_not_decoded()
    {
        Tokenizer tokenizer = Unigram.Read();
        int[] ids = tokenizer.Encode("a</s>");

        Assert.Equal(tokenizer.EosId, ids[^1]);
        Assert.Equal("a", tokenizer.Decode(ids));
        Assert.Equal((1, 2, 0), (tokenizer.BosId, tokenizer.EosId, tokenizer.UnknownId));
    }

    [Fact]
    public void An_unknown_piece_is_decoded_to_what_the_model_says()
    {
        Assert.Equal("a \u2047 ", Unigram.Read().Decode(Unigram.Read().Encode("ac")));

        TinyModel model = Unigram;
        model.Proto.TrainerSpec.UnkSurface = Google.Protobuf.ByteString.CopyFromUtf8("?");
        Assert.Equal("a?", model.Read().Decode(model.Read().Encode("ac")));
    }

    [Fact(Timeout = 20_000)]
    public async Task A_text_of_a_million_characters_takes_seconds()
    {
        string text = string.Concat(Enumerable.Repeat("abbac ", 170_000));
        await Task.Run(() => Assert.All([Unigram.Read(), Bpe.Read()], tokenizer => Assert.NotEmpty(tokenizer.Encode(text))));
    }

    [Fact]
    public void A_model_that_contradicts_itself_is_refused()
    {
        Refused(Unigram.Add("a", 0), "pieces 4 and 9 are both 'a'");
        Refused(Unigram.Add("", 0), "piece 9 should have 1 to 512 characters, got 0");
        Refused(Unigram.Add(new string('a', 513), 0), "should have 1 to 512 characters, got 513");
        Refused(Unigram.Add("c\0", 0), "piece 9 has a zero character");
        Refused(Unigram.Add("c", float.NaN), "piece 9 has the score NaN");
        Refused(Unigram.Add("unk2", 0, PieceType.Unknown), "one unknown piece, got 2");
        Refused(Bpe.Add("bc", 0), "has 'c', which should be a piece too");
        Refused(new TinyModel(ModelType.Word, ("a", 0)), "type Word are not supported");
        Refused(new TinyModel(ModelType.Unigram), "has no normal pieces");
        Refused(With(Unigram, proto => proto.TrainerSpec.ByteFallback = true), "no byte piece <0x00>");
        Refused(With(Unigram, proto => proto.TrainerSpec.TreatWhitespaceAsSuffix = true), "treat_whitespace_as_suffix");
        Refused(With(Unigram, proto => proto.Pieces[3].Text = Google.Protobuf.ByteString.CopyFrom(0xFF)), "piece 3 is not UTF-8");
        Refused(With(Unigram.Map('x', "y"), proto => proto.DenormalizerSpec = proto.NormalizerSpec), "a denormalizer");
        Refused([], "has no pieces");
        Refused(Unigram.File[..^3], "not a complete, well-formed SentencePiece model");
    }

    [Fact]
    public void A_map_of_characters_that_writes_a_book_for_a_letter_is_refused_when_it_is_used()
    {
        Tokenizer tokenizer = Unigram.Map('Q', new string('a', 100_000)).Read();
        var e = Assert.Throws<TokenizerException>(() => tokenizer.Encode("QQQ"));
        Assert.Contains("ask to rewrite 3 characters", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0102", "should begin with 4 bytes of length, got 2")]
    [InlineData("0800000000000000", "says its trie has 8 bytes")]
    [InlineData("0300000000000000", "says its trie has 3 bytes")]
    [InlineData("FFFFFFFF00000000", "says its trie has 4294967295 bytes")]
    [InlineData("040000000000000041", "should end in a zero byte")]
    [InlineData("0400000000000000FF00", "has texts that are not UTF-8")]
    public void A_map_of_characters_that_lies_about_its_sizes_is_refused(string map, string expected) =>
        Refused(
            With(Unigram, proto => proto.NormalizerSpec.PrecompiledCharsmap = Google.Protobuf.ByteString.CopyFrom(Convert.FromHexString(map))),
            $"precompiled_charsmap {expected}");

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void A_damaged_model_is_read_or_refused_but_never_crashes_nor_hangs(int seed)
    {
        Random random = new(seed);
        byte[] file = Bpe.Map('c', "ab").AddBytes().File;
        for (int round = 0; round < 2000; round++)
        {
            byte[] damaged = file[..random.Next(file.Length / 2, file.Length + 1)];
            for (int i = 0; i < 3; i++)
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            if (Record.Exception(() => TinyModel.Read(damaged).Encode("abc cba \u00E9")) is Exception e)
                Assert.IsType<TokenizerException>(e);
        }
    }

    static TinyModel With(TinyModel model, Action<ModelProto> change)
    {
        change(model.Proto);
        return model;
    }

    static void Refused(TinyModel model, string expected) => Refused(model.File, expected);

    static void Refused(byte[] file, string expected)
    {
        var e = Assert.Throws<TokenizerException>(() => TinyModel.Read(file));
        Assert.StartsWith("test.model", e.Message, StringComparison.Ordinal);
        Assert.Contains(expected, e.Message, StringComparison.Ordinal);
    }
}
