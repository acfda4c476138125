using System.Text;
using Goodhart.Tokenizers.Tests.Fixtures;

namespace Goodhart.Tokenizers.Tests;

/// <summary>Files that are wrong, or ask for more than there is.</summary>
public sealed class TokenizerJsonTests
{
    public static TheoryData<string, string> Wrong { get; } = Table(
        ("", "not a complete, well-formed JSON"),
        ("[]", "should be object, got []"),
        ("{}", "model is missing"),
        ($"{new TinyJson()}"[..200], "not a complete, well-formed JSON"),
        ("""{"model": {}, "model": {}}""", "Duplicate property 'model'"),
        ($$"""{"normalizer": {{new string('[', 5000)}}""", "depth"),
        (Vocabulary("""{"a": 0, "b": 0}"""), "the id 0 belongs to two tokens, 'a' and 'b'"),
        (Vocabulary("""{"a": 0, "b": 2}"""), "without holes; 'b' has 2, with 2 tokens"),
        (Vocabulary("""{"a": 2147483647}"""), "without holes; 'a' has 2147483647"),
        (Vocabulary("""{"a": -1}"""), "model.vocab.a should be a whole number from 0"),
        (Vocabulary("""{"a": 1e99}"""), "model.vocab.a should be a whole number from 0"),
        (Vocabulary("""{"a": 0, "a": 1}"""), "Duplicate property 'a'"),
        (Merges("""["a b", "a d"]"""), "model.merges[1] needs the token 'd'"),
        (Merges("""["b a"]"""), "model.merges[0] needs the token 'ba'"),
        (Merges("""["a b c"]"""), "model.merges[0] should be two tokens, got \"a b c\""),
        (Merges("""[["a"]]"""), "model.merges[0] should be two tokens"),
        (Merges("""[["a", "\ud800"]]"""), "model.merges[0][1] has an escape for half a surrogate"),
        (Merges("{}"), "model.merges should be array"),
        (Model(""" "dropout": 0.1 """), "model.dropout should be null"),
        (Model(""" "end_of_word_suffix": "</w>", "byte_fallback": true """), "model.byte_fallback should be false where there are affixes"),
        (Model(""" "unk_token": "?" """), "model.unk_token needs the token '?'"),
        (Model(""" "fuse_unk": 1 """), "model.fuse_unk should be true or false, got 1"),
        (Added("""{"id": 9, "content": "x"}"""), "without holes; 'x' has 9"),
        (Added("""{"id": 6, "content": "a"}"""), "the token 'a' has two ids, 0 and 6"),
        (Added("""{"id": 6, "content": ""}"""), "added_tokens[0].content should be a text"),
        (Normalizer("""{"type": "Nmt"}"""), "normalizer: 'Nmt' is not supported"),
        (Normalizer("""{"type": "Sequence", "normalizers": [{"type": "Precompiled", "precompiled_charsmap": "*"}]}"""), "normalizer.normalizers[0].precompiled_charsmap should be base64"),
        (PreTokenizer("""{"type": "UnicodeScripts"}"""), "pre_tokenizer: 'UnicodeScripts' is not supported"),
        (Split("""{"Regex": "("}"""), "pre_tokenizer.pattern.Regex: the pattern cannot be read"),
        (Split("""{"Regex": "[a-z&&[^b]]"}"""), "'&&' in a pattern is not supported"),
        (Split("""{"Regex": "[a[b]]"}"""), "'a class within a class' in a pattern is not supported"),
        (Split("""{"Regex": "[[:alpha:]]"}"""), "'a class within a class' in a pattern is not supported"),
        (Split("""{"Regex": "a{,3}"}"""), "'{,' in a pattern is not supported"),
        (Split("""{"Regex": "a\\b"}"""), "'\\b' in a pattern is not supported"),
        (Split("""{"Regex": "\ud83d\ude00"}"""), "'a character beyond U+FFFF' in a pattern is not supported"),
        (Split("""{"String": "a"}""", "Cut"), "pre_tokenizer.behavior should be one of Removed"),
        (PreTokenizer("""{"type": "Metaspace", "replacement": "__"}"""), "pre_tokenizer.replacement should be one character"),
        (PostProcessor("""{"type": "Magic"}"""), "post_processor: 'Magic' is not supported"),
        (PostProcessor("""{"type": "BertProcessing", "cls": ["a", 77], "sep": ["b", 1]}"""), "post_processor.cls[1] should be an id below 6"),
        (Decoder("""{"type": "Magic"}"""), "decoder: 'Magic' is not supported"),
        (Decoder("""{"type": "Strip", "content": " ", "start": -1, "stop": 0}"""), "decoder.start should be a whole number"));

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
        byte[] latin1 = Encoding.Latin1.GetBytes(Vocabulary("{\"\u00E9\": 0}"));
        var e = Assert.Throws<TokenizerException>(() => TinyJson.Read(latin1));
        Assert.Contains("UTF-8", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void A_file_cut_anywhere_or_with_a_byte_changed_is_read_or_refused_but_never_crashes(int seed)
    {
        Random random = new(seed);
        byte[] file = Encoding.UTF8.GetBytes(Added("""{"id": 6, "content": "<s>", "special": true}"""));
        for (int round = 0; round < 500; round++)
        {
            byte[] damaged = file[..random.Next(file.Length / 2, file.Length + 1)];
            damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            if (Record.Exception(() => TinyJson.Read(damaged)) is Exception e)
                Assert.IsType<TokenizerException>(e);
        }
    }

    [Fact]
    public void Replacements_that_would_fill_all_memory_are_refused_when_they_are_used()
    {
        const string Double = """{"type": "Replace", "pattern": {"String": "a"}, "content": "aa"}""";
        string doublings = string.Join(", ", Enumerable.Repeat(Double, 60));
        Tokenizer tokenizer = new TinyJson
        {
            Normalizer = $$"""{"type": "Sequence", "normalizers": [{{doublings}}]}""",
            Decoder = $$"""{"type": "Sequence", "decoders": [{{doublings}}]}""",
        }.Read();

        foreach (Action use in new Action[] { () => tokenizer.Encode("aa"), () => tokenizer.Decode([0, 0]) })
        {
            var e = Assert.Throws<TokenizerException>(use);
            Assert.Contains("ask to rewrite 2 characters", e.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Both_ways_of_writing_merges_are_read()
    {
        Assert.Equal("abc|a", new TinyJson().Tokens("abca"));
        Assert.Equal("abc|a", new TinyJson { Merges = """[["a", "b"], ["ab", "c"]]""" }.Tokens("abca"));
    }

    [Fact]
    public void A_model_without_a_type_is_byte_pair_encoding_as_in_the_oldest_files()
    {
        string untyped = $"{new TinyJson()}".Replace("""
            "type": "BPE",
            """, "", StringComparison.Ordinal);

        Assert.DoesNotContain("BPE", untyped, StringComparison.Ordinal);
        Assert.Equal([5], TinyJson.Read(untyped).Encode("abc"));
    }

    static TheoryData<string, string> Table(params (string Json, string Expected)[] rows)
    {
        TheoryData<string, string> data = [];
        foreach ((string json, string expected) in rows)
            data.Add(json, expected);
        return data;
    }

    static string Vocabulary(string vocabulary) => $"{new TinyJson { Vocabulary = vocabulary, Merges = "[]" }}";

    static string Merges(string merges) => $"{new TinyJson { Merges = merges }}";

    static string Model(string setting) => $"{new TinyJson { ModelSettings = $"{setting}," }}";

    static string Added(string token) => $"{new TinyJson { AddedTokens = $"[{token}]" }}";

    static string Normalizer(string normalizer) => $"{new TinyJson { Normalizer = normalizer }}";

    static string PreTokenizer(string preTokenizer) => $"{new TinyJson { PreTokenizer = preTokenizer }}";

    static string Split(string pattern, string behavior = "Isolated") =>
        PreTokenizer($$"""{"type": "Split", "pattern": {{pattern}}, "behavior": "{{behavior}}"}""");

    static string PostProcessor(string postProcessor) => $"{new TinyJson { PostProcessor = postProcessor }}";

    static string Decoder(string decoder) => $"{new TinyJson { Decoder = decoder }}";
}
