using Goodhart.Tokenizers.Decoders;

namespace Goodhart.Tokenizers.Tests.Decoders;

public sealed class DecoderTests
{
    [Theory]
    [InlineData("""{"type": "ByteLevel"}""", "\u0120caf|\u00C3|\u00A9", " caf\u00E9")]
    [InlineData("""{"type": "ByteLevel"}""", "a|\u00C3|b", "a\uFFFDb")]
    [InlineData("""{"type": "ByteLevel"}""", "a|  two plain spaces|b", "a  two plain spacesb")]
    [InlineData("""{"type": "Metaspace", "replacement": "_", "prepend_scheme": "always"}""", "_a|_b", "a b")]
    [InlineData("""{"type": "Metaspace", "replacement": "_", "prepend_scheme": "never"}""", "_a|_b", " a b")]
    [InlineData("""{"type": "Replace", "pattern": {"String": "_"}, "content": " "}""", "_a|_b", " a b")]
    [InlineData("""{"type": "ByteFallback"}""", "a|<0xC3>|<0xA9>|b", "a\u00E9b")]
    [InlineData("""{"type": "ByteFallback"}""", "a|<0xC3>|<0x28>|b|<0xE4>", "a\uFFFD\uFFFDb\uFFFD")]
    [InlineData("""{"type": "ByteFallback"}""", "<0xZZ>|<0x1>", "<0xZZ><0x1>")]
    [InlineData("""{"type": "Strip", "content": " ", "start": 1, "stop": 0}""", "  a |  b ", " a  b ")]
    [InlineData("""{"type": "Strip", "content": " ", "start": 0, "stop": 2}""", " a   |   ", " a  ")]
    [InlineData("""{"type": "Sequence", "decoders": [{"type": "Fuse"}, {"type": "Strip", "content": " ", "start": 1, "stop": 0}]}""", " a| b", "a b")]
    public void Tokens_become_text_as_the_file_says(string json, string tokens, string expected) =>
        Assert.Equal(expected, string.Concat(Read(json).Decode(tokens.Split('|'))));

    [Fact]
    public void Without_a_decoder_tokens_are_joined_by_spaces() =>
        Assert.Equal("a b", string.Concat(DecoderReader.Read(null).Decode(["a", "b"])));

    static IDecoder Read(string json) =>
        DecoderReader.Read(JsonSection.Parse(System.Text.Encoding.UTF8.GetBytes(json), "test"));
}
