using FsCheck.Xunit;
using Goodhart.Tokenizers.Normalizers;
using Goodhart.Tokenizers.Tests.Fixtures;
using ModelType = Goodhart.Tokenizers.SentencePiece.Protocol.TrainerSpec.Types.ModelType;

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
    [InlineData("NFC", "cafe\u0301", "caf\u00E9")]
    [InlineData("NFC", "\u1112\u1161\u11AB", "\uD55C")] // Korean by arithmetic
    [InlineData("NFC", "\u212B", "\u00C5")] // a singleton
    [InlineData("NFC", "a\U0002F800", "a\u4E3D")]
    [InlineData("NFC", "\u0958", "\u0915\u093C")] // excluded from composition
    [InlineData("NFC", "a\u0323\u0307", "\u1EA1\u0307")]
    [InlineData("NFC", "a\u0307\u0323", "\u1EA1\u0307")] // marks in their order
    [InlineData("NFC", "a\u0315\u0300", "\u00E0\u0315")] // composed past a mark of another class
    [InlineData("NFC", "\uFB01", "\uFB01")]
    [InlineData("NFKC", "\uFB01\u2460\u00A0\uFF21", "fi1 A")]
    [InlineData("NFD", "\u1E69\uD55C", "s\u0323\u0307\u1112\u1161\u11AB")]
    [InlineData("NFKD", "\u1E9B\u0323", "s\u0323\u0307")]
    public void Unicode_forms_are_those_of_the_standard(string form, string text, string expected) =>
        Assert.Equal(expected, Read($$"""{"type": "{{form}}"}""").Normalize(text));

    [Property]
    public void Unicode_forms_lead_to_each_other_as_the_standard_says(byte[]? drawn)
    {
        // Letters, marks of several classes, Korean parts, singletons and compatibility characters.
        const string Alphabet = "aes\u00E9\u1E69\u0301\u0307\u0323\u0315\u0345\u1112\u1161\u11AB\uD558\u212B\uFB01\u0958\u0915\u093C";
        string text = string.Concat((drawn ?? []).Select(b => Alphabet[b % Alphabet.Length]));
        INormalizer c = Form("NFC"), d = Form("NFD"), kc = Form("NFKC");

        Assert.Equal(c.Normalize(text), c.Normalize(d.Normalize(text)));
        Assert.Equal(d.Normalize(text), d.Normalize(c.Normalize(text)));
        Assert.Equal(c.Normalize(text), c.Normalize(c.Normalize(text)));
        Assert.Equal(kc.Normalize(text), kc.Normalize(c.Normalize(text)));
    }

    [Theory]
    [InlineData("""{"type": "Lowercase"}""", "\u00C9\u0130A\u03A3", "\u00E9i\u0307a\u03C3")]
    [InlineData("""{"type": "StripAccents"}""", "e\u0301\u0903x", "ex")]
    [InlineData("""{"type": "ByteLevel"}""", "\u00E9 a", "\u00C3\u00A9\u0120a")]
    [InlineData("""{"type": "BertNormalizer"}""", "H\u00E9llo\t\u4F60\u597D\u0000\u200B", "hello  \u4F60  \u597D ")]
    [InlineData("""{"type": "BertNormalizer", "lowercase": false}""", "H\u00E9", "H\u00E9")]
    [InlineData("""{"type": "BertNormalizer", "lowercase": false, "strip_accents": true}""", "H\u00E9", "He")]
    public void Letters_are_rewritten(string json, string text, string expected) =>
        Assert.Equal(expected, Read(json).Normalize(text));

    [Theory]
    [InlineData("aQb", "axyb")]
    [InlineData("Q\u0301", "xy")] // one perceived character, of less than 6 bytes, is rewritten as a whole
    [InlineData("Q\u0301\u0301\u0301", "xy\u0301\u0301\u0301")]
    public void A_precompiled_map_rewrites_perceived_characters(string text, string expected)
    {
        byte[] map = new TinyModel(ModelType.Unigram).Map('Q', "xy").Proto.NormalizerSpec.PrecompiledCharsmap.ToByteArray();
        Assert.Equal(expected, Read($$"""{"type": "Precompiled", "precompiled_charsmap": "{{Convert.ToBase64String(map)}}"}""").Normalize(text));
    }

    static INormalizer Form(string name) => Read($$"""{"type": "{{name}}"}""");

    static INormalizer Read(string json) =>
        NormalizerReader.Read(JsonSection.Parse(System.Text.Encoding.UTF8.GetBytes(json), "test"));
}
