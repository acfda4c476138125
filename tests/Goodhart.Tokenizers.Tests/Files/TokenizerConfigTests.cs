using Goodhart.Tokenizers.Tests.Fixtures;

namespace Goodhart.Tokenizers.Tests.Files;

public sealed class TokenizerConfigTests
{
    const string Template = """
        {"type": "TemplateProcessing",
         "single": [{"SpecialToken": {"id": "a", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}}, {"SpecialToken": {"id": "b", "type_id": 0}}],
         "special_tokens": {"a": {"id": "a", "ids": [0], "tokens": ["a"]}, "b": {"id": "b", "ids": [1], "tokens": ["b"]}}}
        """;

    static readonly string UsualNames =
        $"{new TinyJson { Vocabulary = """{"<|endoftext|>": 0, "<s>": 1, "</s>": 2, "<pad>": 3}""", Merges = "[]" }}";

    [Theory]
    [InlineData("""{"bos_token": "a", "eos_token": "b"}""")]
    [InlineData("""{"bos_token": {"__type": "AddedToken", "content": "a"}, "eos_token": {"content": "b"}}""")]
    public void Special_tokens_are_named_as_text_or_as_an_object(string config)
    {
        Tokenizer tokenizer = TinyJson.Read($"{new TinyJson()}", config);
        Assert.Equal((0, 1), (tokenizer.BosId, tokenizer.EosId));
    }

    [Fact]
    public void What_the_configuration_does_not_mention_is_taken_from_the_template()
    {
        Tokenizer tokenizer = TinyJson.Read($"{new TinyJson { PostProcessor = Template }}", "{}");
        Assert.Equal((0, 1), (tokenizer.BosId, tokenizer.EosId));
    }

    [Fact]
    public void Without_configuration_and_template_the_usual_names_are_looked_for()
    {
        Tokenizer tokenizer = TinyJson.Read(UsualNames);
        Assert.Equal((1, 2, 3, null), (tokenizer.BosId, tokenizer.EosId, tokenizer.PadId, tokenizer.UnknownId));
    }

    [Fact]
    public void A_token_that_is_null_in_the_configuration_is_none_although_its_usual_name_exists() =>
        Assert.Null(TinyJson.Read(UsualNames, """{"bos_token": null}""").BosId);

    [Fact]
    public void A_token_that_does_not_exist_is_refused()
    {
        var e = Assert.Throws<TokenizerException>(() => TinyJson.Read(UsualNames, """{"eos_token": "<end>"}"""));
        Assert.Equal("tokenizer_config.json: eos_token should be a token of the vocabulary, got \"<end>\".", e.Message);
    }
}
