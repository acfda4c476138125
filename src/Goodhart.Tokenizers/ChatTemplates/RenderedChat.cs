namespace Goodhart.Tokenizers.ChatTemplates;

/// <summary>A conversation as text.</summary>
/// <param name="Text">Special tokens are written out in it, so encode it without adding any.</param>
/// <param name="AssistantSpans">
/// Where the template says by <c>{% generation %}</c> that the assistant speaks, in order; empty where it does not say.
/// </param>
public sealed record RenderedChat(string Text, IReadOnlyList<Range> AssistantSpans);
