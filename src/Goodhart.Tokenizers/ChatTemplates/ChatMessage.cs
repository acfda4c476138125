using System.Text.Json.Nodes;

namespace Goodhart.Tokenizers.ChatTemplates;

/// <summary>One turn of a conversation.</summary>
public sealed class ChatMessage
{
    /// <summary>A turn that is plain text.</summary>
    /// <param name="role">Such as <c>system</c>, <c>user</c> or <c>assistant</c>; which there are is the template's to say.</param>
    /// <param name="content">What is said.</param>
    public ChatMessage(string role, string content)
        : this(new JsonObject { ["role"] = role, ["content"] = content })
    {
    }

    /// <summary>A turn with any fields, such as <c>role</c>, <c>content</c> and <c>tool_calls</c>, as a template sees them.</summary>
    public ChatMessage(JsonObject fields)
    {
        ArgumentNullException.ThrowIfNull(fields);
        Fields = fields;
    }

    /// <summary>All fields, in the order in which a template sees them.</summary>
    public JsonObject Fields { get; }
}
