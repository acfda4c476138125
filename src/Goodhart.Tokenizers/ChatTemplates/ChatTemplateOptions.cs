using System.Text.Json.Nodes;

namespace Goodhart.Tokenizers.ChatTemplates;

/// <summary>What a conversation is rendered with.</summary>
public sealed record ChatTemplateOptions
{
    /// <summary>Whether the text ends with the beginning of an answer. Default false.</summary>
    public bool AddGenerationPrompt { get; init; }

    /// <summary>Further names that the template knows, such as <c>tools</c> or <c>enable_thinking</c>. Default none.</summary>
    public IReadOnlyDictionary<string, JsonNode?> Variables { get; init; } = new Dictionary<string, JsonNode?>();

    /// <summary>The time that <c>strftime_now</c> tells. Default none: a template that asks for it is refused.</summary>
    public DateTimeOffset? Now { get; init; }
}
