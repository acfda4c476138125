using System.Text.Json.Nodes;
using Goodhart.Testing;
using Goodhart.Tokenizers.ChatTemplates;

namespace Goodhart.Tokenizers.Tests.ChatTemplates;

/// <summary>Texts that Hugging Face's tokenizers gave for the same templates and messages.</summary>
public sealed class PublishedTemplateTests
{
    [SharedDataTheory]
    [InlineData("chatml", "", "")]
    [InlineData("llama3", "<|begin_of_text|>", "<|eot_id|>")]
    [InlineData("gemma", "<bos>", "<eos>")]
    [InlineData("mistral", "<s>", "</s>")]
    [InlineData("phi4mini", "", "")]
    [InlineData("qwen3_8", "", "")]
    public void Every_published_case_is_rendered_or_refused_exactly(string family, string bos, string eos)
    {
        string file = File.ReadAllText(SharedData.PathOf("data", "tokenizers", "chat_template_cases.json"));
        JsonNode group = JsonNode.Parse(file)![family]!;
        Dictionary<string, string> special = new() { ["bos_token"] = bos, ["eos_token"] = eos };
        var template = ChatTemplate.Parse((string)group["template"]!, family, special);

        foreach (JsonObject item in group["cases"]!.AsArray().Cast<JsonObject>())
        {
            ChatMessage[] messages = [.. item["messages"]!.AsArray().Select(message => new ChatMessage(message!.AsObject()))];
            ChatTemplateOptions options = new()
            {
                AddGenerationPrompt = (bool)item["add_generation_prompt"]!,
                Variables = VariablesOf(item),
            };
            if (item["error"] is JsonNode error)
            {
                var e = Assert.Throws<TokenizerException>(() => template.Render(messages, options));
                Assert.EndsWith((string)error!, e.Message, StringComparison.Ordinal);
            }
            else
                Assert.Equal((string)item["expected"]!, template.Render(messages, options).Text);
        }
    }

    /// <summary>The cases write that thinking is off as an effort, the template as a switch of its own.</summary>
    static Dictionary<string, JsonNode?> VariablesOf(JsonObject item) => (string?)item["reasoning_effort"] switch
    {
        null => [],
        "off" => new() { ["enable_thinking"] = false },
        string effort => new() { ["reasoning_effort"] = effort },
    };
}
