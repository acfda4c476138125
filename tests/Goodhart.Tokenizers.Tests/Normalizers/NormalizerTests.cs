using Goodhart.Tokenizers.Normalizers;

namespace Goodhart.Tokenizers.Tests.Normalizers;

public sealed class NormalizerTests
{
    [Theory]
    [InlineData("""{"type": "Prepend", "prepend": "_"}""", "a b", "_a b")]
    [InlineData("""{"type": "Prepend", "prepend": "_"}""", "", "")]
    [InlineData("""{"type": "Replace", "pattern": {"String": "."}, "content": "$0"}""", "a.b", "a$0b")]
    [InlineData("""{"type": "Replace", "pattern": {"Regex": "[0-9]+"}, "content": "#"}""", "12a3", "#a#")]
    [InlineData("""{"type": "Strip", "strip_left": true, "strip_right": false}""", " a ", "a ")]
    [InlineData("""{"type": "Strip"}""", " a ", "a")]
    [InlineData("""{"type": "Sequence", "normalizers": [{"type": "Strip"}, {"type": "Prepend", "prepend": "_"}]}""", " a", "_a")]
    public void Text_is_rewritten_as_the_file_says(string json, string text, string expected) =>
        Assert.Equal(expected, Read(json).Normalize(text));

    [Theory]
    [InlineData("caf\u00E9 \u4F60\u597D \uD55C\uAD6D \U0001F600 \u041F\u0440\u0438\u0432\u0435\u0442")]
    public void Nfc_passes_text_that_is_composed(string text) =>
        Assert.Equal(text, Read("""{"type": "NFC"}""").Normalize(text));

    [Theory]
    [InlineData("cafe\u0301", "U+0301 at index 4")]
    [InlineData("\u1112\u1161", "U+1112 at index 0")]
    [InlineData("\u212B", "U+212B at index 0")]
    [InlineData("a\U0002F800", "U+2F800 at index 1")]
    public void Nfc_refuses_text_that_would_have_to_be_composed_rather_than_pass_it_unchanged(string text, string place)
    {
        var e = Assert.Throws<TokenizerException>(() => Read("""{"type": "NFC"}""").Normalize(text));
        Assert.Contains(place, e.Message, StringComparison.Ordinal);
    }

    static INormalizer Read(string json) =>
        NormalizerReader.Read(JsonSection.Parse(System.Text.Encoding.UTF8.GetBytes(json), "test"));
}
