using System.Text;
using FsCheck.Xunit;
using Goodhart.Tokenizers.Tests.Fixtures;

namespace Goodhart.Tokenizers.Tests;

public sealed class TokenizerTests
{
    static readonly Tokenizer Tokenizer = Trained.Tokenizer;

    [Theory]
    [MemberData(nameof(AwkwardTexts.All), MemberType = typeof(AwkwardTexts))]
    public void Decoding_what_was_encoded_gives_the_text_back(string text) =>
        Assert.Equal(text, Tokenizer.Decode(Tokenizer.Encode(text)));

    [Property]
    public bool Decoding_what_was_encoded_gives_any_text_back(string? drawn)
    {
        string text = WithoutHalfPairs(drawn);
        return text == Tokenizer.Decode(Tokenizer.Encode(text));
    }

    [Property]
    public bool Ids_of_any_text_are_tokens(string? drawn) =>
        Tokenizer.Encode(WithoutHalfPairs(drawn)).All(id => id >= 0 && id < Tokenizer.VocabularySize);

    [Fact]
    public void Bos_begins_a_text_only_where_special_tokens_are_asked_for()
    {
        int[] bare = Tokenizer.Encode("the fox", addSpecialTokens: false);

        Assert.Equal([Tokenizer.BosId!.Value, .. bare], Tokenizer.Encode("the fox"));
        Assert.DoesNotContain(Tokenizer.BosId.Value, bare);
    }

    [Fact]
    public void A_special_token_written_in_the_text_becomes_its_id_and_is_decoded_on_request()
    {
        int[] ids = Tokenizer.Encode("the fox</s>the owl", addSpecialTokens: false);

        Assert.Contains(Tokenizer.EosId!.Value, ids);
        Assert.Equal("the foxthe owl", Tokenizer.Decode(ids));
        Assert.Equal("the fox</s>the owl", Tokenizer.Decode(ids, skipSpecialTokens: false));
    }

    [Fact]
    public void Half_a_surrogate_pair_is_refused_with_its_place()
    {
        Refuse("ab\uD83D", "U+D83D, at index 2");
        Refuse("\uDE00", "U+DE00, at index 0");
        Refuse("\U0001F600\uD83Dx", "U+D83D, at index 2");

        static void Refuse(string text, string place)
        {
            var e = Assert.Throws<TokenizerException>(() => Tokenizer.Encode(text));
            Assert.Contains(place, e.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Bytes_that_are_no_text_decode_to_replacement_characters() =>
        Assert.Equal("\uFFFDa", Tokenizer.Decode([Tokenizer.IdOf("\u00C3")!.Value, Tokenizer.IdOf("a")!.Value]));

    [Fact]
    public void Tokens_and_ids_lead_to_each_other()
    {
        for (int id = 0; id < Tokenizer.VocabularySize; id++)
            Assert.Equal(id, Tokenizer.IdOf(Tokenizer.TokenOf(id)));

        Assert.Null(Tokenizer.IdOf("no such token"));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(320)]
    public void An_id_that_is_no_token_is_out_of_range(int id)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Tokenizer.TokenOf(id));
        Assert.Throws<ArgumentOutOfRangeException>(() => Tokenizer.Decode([id]));
    }

    [Fact]
    public void Many_threads_get_the_same_ids()
    {
        string text = string.Join(' ', Trained.Stories);
        int[] expected = Tokenizer.Encode(text);

        Parallel.For(0, 64, _ => Assert.Equal(expected, Tokenizer.Encode(text)));
    }

    [Fact(Timeout = 20_000)]
    public async Task A_word_of_a_million_letters_is_encoded_in_seconds()
    {
        string word = string.Concat(Enumerable.Repeat("woodfox", 150_000));
        int[] ids = await Task.Run(() => Tokenizer.Encode(word));
        Assert.Equal(word, Tokenizer.Decode(ids));
    }

    static string WithoutHalfPairs(string? text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text ?? ""));
}
