using System.Text;
using Goodhart.Tokenizers.Tests.Fixtures;

namespace Goodhart.Tokenizers.Tests;

/// <summary>Files that are wrong, or ask for more than there is.</summary>
public sealed class TokenizerJsonTests
{
    public static TheoryData<string, string> Wrong { get; } = new()
    {
        { "", "not a complete, well-formed JSON" },
        { "[]", "should be object, got []" },
        { "{}", "model is missing" },
        { $"{new TinyJson()}"[..200], "not a complete, well-formed JSON" },
        { """{"model": {}, "model": {}}""", "Duplicate property 'model'" },
        { $$"""{"normalizer": {{new string('[', 5000)}}""", "depth" },
        { $"{new TinyJson { Vocabulary = "{\"a\": 0, \"b\": 0}", Merges = "[]" }}", "the id 0 belongs to two tokens, 'a' and 'b'" },
        { $"{new TinyJson { Vocabulary = "{\"a\": 0, \"b\": 2}", Merges = "[]" }}", "without holes; 'b' has 2, with 2 tokens" },
        { $"{new TinyJson { Vocabulary = "{\"a\": 2147483647}", Merges = "[]" }}", "without holes; 'a' has 2147483647" },
        { $"{new TinyJson { Vocabulary = "{\"a\": -1}", Merges = "[]" }}", "model.vocab.a should be a whole number from 0" },
        { $"{new TinyJson { Vocabulary = "{\"a\": 1e99}", Merges = "[]" }}", "model.vocab.a should be a whole number from 0" },
        { $"{new TinyJson { Vocabulary = "{\"a\": 0, \"a\": 1}", Merges = "[]" }}", "Duplicate property 'a'" },
        { $"{new TinyJson { Merges = "[\"a b\", \"a d\"]" }}", "model.merges[1] needs the token 'd'" },
        { $"{new TinyJson { Merges = "[\"b a\"]" }}", "model.merges[0] needs the token 'ba'" },
        { $"{new TinyJson { Merges = "[\"a b c\"]" }}", "model.merges[0] should be two tokens, got \"a b c\"" },
        { $"{new TinyJson { Merges = "[[\"a\"]]" }}", "model.merges[0] should be two tokens" },
        { $"{new TinyJson { Merges = "[[\"a\", \"\\ud800\"]]" }}", "model.merges[0][1] has an escape for half a surrogate" },
        { $"{new TinyJson { Merges = "{}" }}", "model.merges should be array" },
        { $"{new TinyJson { ModelSettings = "\"dropout\": 0.1," }}", "model.dropout should be null" },
        { $"{new TinyJson { ModelSettings = "\"end_of_word_suffix\": \"</w>\"," }}", "model.end_of_word_suffix should be null" },
        { $"{new TinyJson { ModelSettings = "\"unk_token\": \"?\"," }}", "model.unk_token needs the token '?'" },
        { $"{new TinyJson { ModelSettings = "\"fuse_unk\": 1," }}", "model.fuse_unk should be true or false, got 1" },
        { $"{new TinyJson { AddedTokens = "[{\"id\": 9, \"content\": \"x\"}]" }}", "without holes; 'x' has 9" },
        { $"{new TinyJson { AddedTokens = "[{\"id\": 6, \"content\": \"a\"}]" }}", "the token 'a' has two ids, 0 and 6" },
        { $"{new TinyJson { AddedTokens = "[{\"id\": 6, \"content\": \"\"}]" }}", "added_tokens[0].content should be a text" },
        { $"{new TinyJson { Normalizer = "{\"type\": \"Lowercase\"}" }}", "normalizer: 'Lowercase' is not supported" },
        { $"{new TinyJson { Normalizer = "{\"type\": \"Sequence\", \"normalizers\": [{\"type\": \"Precompiled\"}]}" }}", "normalizer.normalizers[0]: 'Precompiled'" },
        { $"{new TinyJson { PreTokenizer = "{\"type\": \"Whitespace\"}" }}", "pre_tokenizer: 'Whitespace' is not supported" },
        { $"{new TinyJson { PreTokenizer = "{\"type\": \"Split\", \"pattern\": {\"Regex\": \"(\"}, \"behavior\": \"Isolated\"}" }}", "pre_tokenizer.pattern.Regex: the pattern cannot be read" },
        { $"{new TinyJson { PreTokenizer = "{\"type\": \"Split\", \"pattern\": {\"Regex\": \"[a-z&&[^b]]\"}, \"behavior\": \"Isolated\"}" }}", "'&&' in a pattern is not supported" },
        { $"{new TinyJson { PreTokenizer = "{\"type\": \"Split\", \"pattern\": {\"String\": \"a\"}, \"behavior\": \"Cut\"}" }}", "pre_tokenizer.behavior should be one of Removed" },
        { $"{new TinyJson { PreTokenizer = "{\"type\": \"Metaspace\", \"replacement\": \"__\"}" }}", "pre_tokenizer.replacement should be one character" },
        { $"{new TinyJson { PostProcessor = "{\"type\": \"Magic\"}" }}", "post_processor: 'Magic' is not supported" },
        { $"{new TinyJson { PostProcessor = "{\"type\": \"RobertaProcessing\", \"cls\": [\"a\", 77], \"sep\": [\"b\", 1]}" }}", "post_processor.cls[1] should be an id below 6" },
        { $"{new TinyJson { Decoder = "{\"type\": \"WordPiece\"}" }}", "decoder: 'WordPiece' is not supported" },
        { $"{new TinyJson { Decoder = "{\"type\": \"Strip\", \"content\": \" \", \"start\": -1, \"stop\": 0}" }}", "decoder.start should be a whole number" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void A_wrong_file_is_refused_with_the_place_and_the_rule(string json, string expected)
    {
        var e = Assert.Throws<TokenizerException>(() => TinyJson.Read(json));

        Assert.StartsWith("tokenizer.json:", e.Message, StringComparison.Ordinal);
        Assert.Contains(expected, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_not_utf8_is_refused()
    {
        byte[] latin1 = Encoding.Latin1.GetBytes($"{new TinyJson { Vocabulary = "{\"\u00E9\": 0}", Merges = "[]" }}");
        var e = Assert.Throws<TokenizerException>(() => new Tokenizer(latin1, "tokenizer.json"));
        Assert.Contains("UTF-8", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void A_file_cut_anywhere_or_with_a_byte_changed_is_read_or_refused_but_never_crashes(int seed)
    {
        Random random = new(seed);
        byte[] file = Encoding.UTF8.GetBytes($"{new TinyJson { AddedTokens = "[{\"id\": 6, \"content\": \"<s>\", \"special\": true}]" }}");
        for (int round = 0; round < 500; round++)
        {
            byte[] damaged = file[..random.Next(file.Length / 2, file.Length + 1)];
            damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            if (Record.Exception(() => new Tokenizer(damaged, "tokenizer.json")) is Exception e)
                Assert.IsType<TokenizerException>(e);
        }
    }

    [Fact]
    public void Both_ways_of_writing_merges_are_read()
    {
        Assert.Equal("abc|a", new TinyJson().Tokens("abca"));
        Assert.Equal("abc|a", new TinyJson { Merges = """[["a", "b"], ["ab", "c"]]""" }.Tokens("abca"));
    }

    [Fact]
    public void A_model_without_a_type_is_byte_pair_encoding_as_in_the_oldest_files() =>
        Assert.Equal([5], TinyJson.Read($"{new TinyJson()}".Replace("\"type\": \"BPE\",", "", StringComparison.Ordinal)).Encode("abc"));
}
