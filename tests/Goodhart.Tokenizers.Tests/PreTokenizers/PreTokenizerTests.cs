using Goodhart.Tokenizers.PreTokenizers;
using Goodhart.Tokenizers.PreTokenizers.KnownSplits;

namespace Goodhart.Tokenizers.Tests.PreTokenizers;

public sealed class PreTokenizerTests
{
    const string Qwen2 =
        @"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    [Theory]
    [InlineData("Removed", "the|end")]
    [InlineData("Isolated", "the|-|-|end|-")]
    [InlineData("MergedWithPrevious", "the-|-|end-")]
    [InlineData("MergedWithNext", "the|-|-end|-")]
    [InlineData("Contiguous", "the|--|end|-")]
    public void A_split_does_with_its_matches_what_the_file_says(string behavior, string expected) =>
        Assert.Equal(expected, Split("the--end-", $$"""{"type": "Split", "pattern": {"String": "-"}, "behavior": "{{behavior}}"}"""));

    [Fact]
    public void An_inverted_split_keeps_the_matches() =>
        Assert.Equal("ab|12", Split("ab, 12", """
            {"type": "Split", "pattern": {"Regex": "\\w+"}, "behavior": "Removed", "invert": true}
            """));

    [Theory]
    [InlineData("the \U0001D400b", "the| \U0001D400b")] // a letter beyond U+FFFF is a letter
    [InlineData("\U0001F600hello", "\U0001F600hello")] // one sign before a word belongs to it, also if it is a pair
    [InlineData("a\U0001D7CE1", "a|\U0001D7CE|1")] // digits too
    public void A_pattern_sees_characters_and_not_halves_of_pairs(string text, string expected)
    {
        CodePointRegex regex = new(Qwen2, "test");
        Assert.Equal(expected, string.Join('|', regex.Matches(text).Select(match => text[match.Start..match.End])));
    }

    [Theory]
    [InlineData("the fox's  12 ducks!", "the|\u0120fox|'s|\u0120|\u012012|\u0120ducks|!")]
    [InlineData("\u00E9\n\n", "\u00C3\u00A9|\u010A\u010A")]
    public void Byte_level_splits_as_gpt2_does_and_spells_bytes(string text, string expected) =>
        Assert.Equal(expected, Split(text, """{"type": "ByteLevel", "add_prefix_space": false}"""));

    [Theory]
    [InlineData("a b", true, true, "\u0120a|\u0120b")]
    [InlineData(" a b", true, true, "\u0120a|\u0120b")]
    [InlineData("a b", false, false, "a\u0120b")]
    public void Byte_level_puts_a_space_in_front_and_splits_only_on_request(string text, bool prefix, bool split, string expected) =>
        Assert.Equal(expected, string.Join('|', Split(text, new ByteLevelPreTokenizer(prefix, split ? KnownSplit.Gpt2 : null), isFirst: true)));

    [Theory]
    [InlineData("true", "a|1|2|b|\u00BD")]
    [InlineData("false", "a|12|b|\u00BD")]
    public void Digits_are_set_apart_one_by_one_or_as_runs(string individual, string expected) =>
        Assert.Equal(expected, Split("a12b\u00BD", $$"""{"type": "Digits", "individual_digits": {{individual}}}"""));

    [Theory]
    [InlineData("""{"type": "Whitespace"}""", "it's a_b, 12!?\u0903x", "it|'|s|a_b|,|12|!?|\u0903x")]
    [InlineData("""{"type": "Split", "pattern": {"Regex": "\\w+"}, "behavior": "Isolated"}""", "a\u0903b,c", "a\u0903b|,|c")]
    [InlineData("""{"type": "Split", "pattern": {"Regex": "[\\w-]+"}, "behavior": "Removed"}""", "a\u0903-b,c", ",")]
    [InlineData("""{"type": "WhitespaceSplit"}""", " a,b\tc\u3000d ", "a,b|c|d")]
    [InlineData("""{"type": "Punctuation"}""", "a,+b", "a|,|+|b")]
    [InlineData("""{"type": "Punctuation", "behavior": "Removed"}""", "a,b", "a|b")]
    [InlineData("""{"type": "BertPreTokenizer"}""", "a $5, \u00A7b", "a|$|5|,|\u00A7|b")]
    [InlineData("""{"type": "CharDelimiterSplit", "delimiter": "-"}""", "a-b", "a|b")]
    public void Words_are_set_apart_from_what_is_between_them(string json, string text, string expected) =>
        Assert.Equal(expected, Split(text, json));

    [Theory]
    [InlineData("always", true, "_a|_b")]
    [InlineData("always", false, "_a|_b")]
    [InlineData("first", true, "_a|_b")]
    [InlineData("first", false, "a|_b")]
    [InlineData("never", true, "a|_b")]
    public void Metaspace_marks_the_start_following_its_scheme(string scheme, bool isFirst, string expected) =>
        Assert.Equal(expected, string.Join('|', Split("a b", Read($$"""
            {"type": "Metaspace", "replacement": "_", "prepend_scheme": "{{scheme}}"}
            """), isFirst)));

    [Theory]
    [InlineData("true", "_a_b")]
    [InlineData("false", "a_b")]
    public void Metaspace_of_older_files_says_add_prefix_space(string prefix, string expected) =>
        Assert.Equal(expected, Split("a b", $$"""
            {"type": "Metaspace", "replacement": "_", "add_prefix_space": {{prefix}}, "split": false}
            """));

    [Fact]
    public void A_sequence_splits_what_the_step_before_left() =>
        Assert.Equal("a|1|2|\u0120b", Split("a12 b", """
            {"type": "Sequence", "pretokenizers": [
              {"type": "Digits", "individual_digits": true}, {"type": "ByteLevel", "add_prefix_space": false}]}
            """));

    static string Split(string text, string json) => string.Join('|', Split(text, Read(json), isFirst: true));

    static IPreTokenizer Read(string json) =>
        PreTokenizerReader.Read(JsonSection.Parse(System.Text.Encoding.UTF8.GetBytes(json), "test"));

    static IEnumerable<string> Split(string text, IPreTokenizer preTokenizer, bool isFirst)
    {
        List<Piece> pieces = [];
        preTokenizer.Split(new Piece(text, isFirst), pieces);
        return pieces.Select(piece => piece.Text.ToString());
    }
}
