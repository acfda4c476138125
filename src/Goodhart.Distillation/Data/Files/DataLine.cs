using Goodhart.Tokenizers.ChatTemplates;

namespace Goodhart.Distillation.Data.Files;

/// <summary>One line of training data: a text of which the end is learnt, or a conversation in which the assistant's turns are.</summary>
/// <param name="Place">File and line, for messages.</param>
public abstract record DataLine(string Place)
{
    /// <summary>What a model is given to answer; the same for all lines that ask the same.</summary>
    public abstract string Key { get; }

    /// <summary>Whether there is anything to learn, rather than only to be answered.</summary>
    public abstract bool HasCompletion { get; }
}

/// <summary>A prompt and perhaps its completion; plain text has an empty prompt.</summary>
/// <param name="Place">File and line.</param>
/// <param name="Prompt">May be empty.</param>
/// <param name="Completion">Null where a model is to write it.</param>
public sealed record PairLine(string Place, string Prompt, string? Completion) : DataLine(Place)
{
    /// <inheritdoc/>
    public override string Key => Prompt.Length > 0 ? Prompt : Completion ?? "";

    /// <inheritdoc/>
    public override bool HasCompletion => Completion is not null;
}

/// <summary>A conversation.</summary>
/// <param name="Place">File and line.</param>
/// <param name="Messages">In order; at least one.</param>
public sealed record ChatLine(string Place, IReadOnlyList<ChatMessage> Messages) : DataLine(Place)
{
    /// <summary>The role whose turns are learnt.</summary>
    public const string Assistant = "assistant";

    /// <summary>Who speaks in a turn.</summary>
    public static string RoleOf(ChatMessage message) => (string)message.Fields["role"]!;

    /// <inheritdoc/>
    public override string Key => string.Join('\n', Before(Messages).Select(message => message.Fields.ToJsonString()));

    /// <inheritdoc/>
    public override bool HasCompletion => Messages.Any(message => RoleOf(message) == Assistant);

    /// <summary>What comes before the last turn of the assistant, or everything where there is none after it.</summary>
    public static IReadOnlyList<ChatMessage> Before(IReadOnlyList<ChatMessage> messages) =>
        RoleOf(messages[^1]) == Assistant ? [.. messages.SkipLast(1)] : messages;
}
