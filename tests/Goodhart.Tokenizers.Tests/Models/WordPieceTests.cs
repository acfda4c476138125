using Goodhart.Tokenizers.Tests.Fixtures;

namespace Goodhart.Tokenizers.Tests.Models;

public sealed class WordPieceTests
{
    const string Bert = """
        {
          "added_tokens": [{"id": 0, "content": "[UNK]", "special": true}, {"id": 1, "content": "[CLS]", "special": true}, {"id": 2, "content": "[SEP]", "special": true}],
          "normalizer": {"type": "BertNormalizer"},
          "pre_tokenizer": {"type": "BertPreTokenizer"},
          "post_processor": {"type": "BertProcessing", "cls": ["[CLS]", 1], "sep": ["[SEP]", 2]},
          "decoder": {"type": "WordPiece", "prefix": "##", "cleanup": true},
          "model": {"type": "WordPiece", "unk_token": "[UNK]", "max_input_chars_per_word": 8,
            "vocab": {"[UNK]": 0, "[CLS]": 1, "[SEP]": 2, "un": 3, "##aff": 4, "##able": 5, "##a": 6, ",": 7, "caf": 8, "##e": 9, "u": 10}}
        }
        """;

    [Theory]
    [InlineData("Unaffable", "[UNK]")] // 9 characters
    [InlineData("unaffa", "un|##aff|##a")] // the longest first
    [InlineData("unaffx", "[UNK]")] // a rest that cannot be spelled
    [InlineData("able", "[UNK]")] // no piece of that kind begins a word
    [InlineData("CAF\u00C9, u", "caf|##e|,|u")]
    [InlineData("", "")]
    public void A_word_is_cut_into_the_longest_pieces_or_is_unknown(string text, string expected)
    {
        Tokenizer tokenizer = TinyJson.Read(Bert);
        Assert.Equal(expected, string.Join('|', tokenizer.Encode(text, addSpecialTokens: false).Select(tokenizer.TokenOf)));
    }

    [Fact]
    public void Words_are_put_together_again()
    {
        Tokenizer tokenizer = TinyJson.Read(Bert);
        int[] ids = tokenizer.Encode("caf\u00E9, unaffa");

        Assert.Equal((1, 2), (ids[0], ids[^1]));
        Assert.Equal("cafe, unaffa", tokenizer.Decode(ids));
    }

    [Fact]
    public void A_vocabulary_without_the_unknown_token_is_refused()
    {
        var e = Assert.Throws<TokenizerException>(() => TinyJson.Read("""{"model": {"type": "WordPiece", "unk_token": "?", "vocab": {"a": 0}}}"""));
        Assert.Contains("model.unk_token needs the token '?'", e.Message, StringComparison.Ordinal);
    }
}
