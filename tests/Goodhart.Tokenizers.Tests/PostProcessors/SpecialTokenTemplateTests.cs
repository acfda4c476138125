using Goodhart.Tokenizers.Tests.Fixtures;

namespace Goodhart.Tokenizers.Tests.PostProcessors;

public sealed class SpecialTokenTemplateTests
{
    const string Template = """
        {"type": "TemplateProcessing",
         "single": [{"SpecialToken": {"id": "<s>", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}}, {"SpecialToken": {"id": "</s>", "type_id": 0}}],
         "special_tokens": {"<s>": {"id": "<s>", "ids": [6], "tokens": ["<s>"]}, "</s>": {"id": "</s>", "ids": [7, 7], "tokens": ["</s>", "</s>"]}}}
        """;

    [Theory]
    [InlineData(Template, "<s>|ab|</s>|</s>")]
    [InlineData("""{"type": "RobertaProcessing", "cls": ["<s>", 6], "sep": ["</s>", 7], "trim_offsets": true}""", "<s>|ab|</s>")]
    [InlineData("""{"type": "ByteLevel"}""", "ab")]
    [InlineData($$"""{"type": "Sequence", "processors": [{"type": "ByteLevel"}, {{Template}}]}""", "<s>|ab|</s>|</s>")]
    public void Special_tokens_go_around_the_text_as_the_file_says(string postProcessor, string expected)
    {
        TinyJson json = new()
        {
            AddedTokens = """[{"id": 6, "content": "<s>", "special": true}, {"id": 7, "content": "</s>", "special": true}]""",
            PostProcessor = postProcessor,
        };

        Assert.Equal(expected, json.Tokens("ab", addSpecialTokens: true));
        Assert.Equal("ab", json.Tokens("ab", addSpecialTokens: false));
    }

    [Theory]
    [InlineData("""[{"SpecialToken": {"id": "a", "type_id": 0}}]""")]
    [InlineData("""[{"Sequence": {"id": "A", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}}]""")]
    [InlineData("""[{"Sequence": {"id": "B", "type_id": 0}}]""")]
    public void A_template_without_exactly_one_text_is_refused(string single)
    {
        TinyJson json = new()
        {
            PostProcessor = $$"""
                {"type": "TemplateProcessing", "single": {{single}}, "special_tokens": {"a": {"id": "a", "ids": [0], "tokens": ["a"]} } }
                """,
        };
        var e = Assert.Throws<TokenizerException>(json.Read);
        Assert.Contains("post_processor.single", e.Message, StringComparison.Ordinal);
    }
}
