using FsCheck.Xunit;
using Goodhart.Tokenizers.Tests.Fixtures;

namespace Goodhart.Tokenizers.Tests.Models;

public sealed class BpeTests
{
    // 'b' joins either neighbor and 'd' none, so order matters and words can be cut.
    static readonly string[] MergeOrder = ["b c", "a b", "ab c", "a bc", "a a", "c a", "ab ab", "aa aa"];

    static readonly TinyJson Json = new()
    {
        Vocabulary = """
            {"a": 0, "b": 1, "c": 2, "d": 3, "bc": 4, "ab": 5, "abc": 6, "aa": 7, "ca": 8, "abab": 9, "aaaa": 10}
            """,
        Merges = $"[{string.Join(", ", MergeOrder.Select(merge => $"\"{merge}\""))}]",
    };

    static readonly Tokenizer Tokenizer = Json.Read();

    [Property(MaxTest = 1000)]
    public void A_word_is_merged_as_by_looking_through_it_again_and_again(byte[]? letters)
    {
        string word = string.Concat((letters ?? []).Select(b => "abcd"[b % 4]));
        Assert.Equal(MergedPlainly(word), Tokens(word));
    }

    [Fact]
    public void A_long_word_that_is_cut_is_merged_as_a_whole_would_be()
    {
        Random random = new(1);
        string word = string.Concat(Enumerable.Range(0, 3000).Select(_ => "abcd"[random.Next(4)]));
        Assert.Equal(MergedPlainly(word), Tokens(word));
    }

    [Fact]
    public void A_character_without_a_token_is_refused_by_name()
    {
        var e = Assert.Throws<TokenizerException>(() => Tokenizer.Encode("ab\U0001F600"));
        Assert.Contains("U+1F600", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("false", "ab|?|?|c")]
    [InlineData("true", "ab|?|c")]
    public void Unknown_characters_become_the_unknown_token_one_by_one_or_fused(string fuse, string expected) =>
        Assert.Equal(expected, WithUnknown($"\"fuse_unk\": {fuse},").Tokens("abxyc"));

    [Fact]
    public void Unknown_characters_become_bytes_where_all_their_bytes_are_tokens()
    {
        TinyJson json = WithUnknown("\"byte_fallback\": true,");

        Assert.Equal("a|<0xC3>|<0xA9>|b", json.Tokens("a\u00E9b"));
        Assert.Equal("a|?|b", json.Tokens("a\u00E8b"));
    }

    [Theory]
    [InlineData("false", "ab|b")]
    [InlineData("true", "abb")]
    public void A_word_that_is_a_token_is_taken_whole_only_where_the_file_says_so(string ignore, string expected) =>
        Assert.Equal(expected, new TinyJson
        {
            Vocabulary = """{"a": 0, "b": 1, "ab": 2, "abb": 3}""",
            Merges = """["a b"]""",
            ModelSettings = $"\"ignore_merges\": {ignore},",
        }.Tokens("abb"));

    static TinyJson WithUnknown(string settings) => new()
    {
        ModelSettings = $"\"unk_token\": \"?\", {settings}",
        Vocabulary = """{"?": 0, "a": 1, "b": 2, "c": 3, "ab": 4, "<0xC3>": 5, "<0xA9>": 6}""",
        Merges = """["a b"]""",
    };

    static string Tokens(string word) => string.Join('|', Tokenizer.Encode(word).Select(Tokenizer.TokenOf));

    /// <summary>The specification: in each round, merge the leftmost of the pairs that come first in the list.</summary>
    static string MergedPlainly(string word)
    {
        List<string> symbols = [.. word.Select(c => $"{c}")];
        while (true)
        {
            var best = symbols.Zip(symbols.Skip(1), (left, right) => Array.IndexOf(MergeOrder, $"{left} {right}"))
                .Select((rank, at) => (rank, at)).Where(candidate => candidate.rank >= 0).Order().Take(1).ToArray();
            if (best is not [(_, int at)])
                return string.Join('|', symbols);

            symbols[at] += symbols[at + 1];
            symbols.RemoveAt(at + 1);
        }
    }
}
