using Goodhart.Tokenizers.Tests.Fixtures;

namespace Goodhart.Tokenizers.Tests.AddedTokens;

public sealed class AddedTokenTests
{
    [Theory]
    [InlineData("", "a| |<x>| |b")]
    [InlineData("\"lstrip\": true,", "a|<x>| |b")]
    [InlineData("\"rstrip\": true,", "a| |<x>|b")]
    [InlineData("\"lstrip\": true, \"rstrip\": true,", "a|<x>|b")]
    public void White_space_beside_a_token_is_taken_along_where_the_token_says_so(string settings, string expected) =>
        Assert.Equal(expected, With($$"""{"id": 6, {{settings}} "content": "<x>"}""").Tokens("a <x> b"));

    [Theory]
    [InlineData("false", "cab| |a|cab| |cab|b")]
    [InlineData("true", "cab| |a|c|ab| |c|ab|b")]
    public void A_single_word_is_not_found_inside_another(string singleWord, string expected) =>
        Assert.Equal(expected, With($$"""{"id": 6, "single_word": {{singleWord}}, "content": "cab"}""").Tokens("cab acab cabb"));

    [Fact]
    public void The_leftmost_token_wins_and_of_those_the_longest() =>
        Assert.Equal("a|<xx>|<x>|b", With("""{"id": 6, "content": "<x>"}, {"id": 7, "content": "<xx>"}""").Tokens("a<xx><x>b"));

    [Fact]
    public void A_token_is_looked_for_in_the_raw_or_in_the_normalized_text()
    {
        const string Replace = """{"type": "Replace", "pattern": {"String": "b"}, "content": "c"}""";
        TinyJson raw = With("""{"id": 6, "normalized": false, "content": "<b>"}""") with { Normalizer = Replace };
        TinyJson normalized = With("""{"id": 6, "normalized": true, "content": "<b>"}""") with { Normalizer = Replace };

        Assert.Equal("c|<b>", raw.Tokens("b<b>"));
        Assert.Equal("<b>|<b>", normalized.Tokens("<c><b>"));
    }

    static TinyJson With(string tokens) => new() { AddedTokens = $"[{tokens}]" };
}
