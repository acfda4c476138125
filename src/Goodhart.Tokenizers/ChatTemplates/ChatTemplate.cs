using System.Text.Json.Nodes;
using Goodhart.Tokenizers.ChatTemplates.Evaluation;
using Goodhart.Tokenizers.ChatTemplates.Functions;
using Goodhart.Tokenizers.ChatTemplates.Syntax;
using Goodhart.Tokenizers.ChatTemplates.Values;

namespace Goodhart.Tokenizers.ChatTemplates;

/// <summary>A chat template: a program in the part of Jinja that published models use. Many threads may share one.</summary>
/// <remarks>
/// White space is treated as in Hugging Face's tokenizers (<c>trim_blocks</c>, <c>lstrip_blocks</c>). What is not supported is
/// refused when the template is read, and every rendering ends: steps, characters and depth are bounded. Text is never escaped,
/// not even where a text marked by <c>safe</c> is added to another, which Jinja escapes.
/// </remarks>
public sealed class ChatTemplate
{
    const int LongestSource = 1 << 20;

    readonly string _name;
    readonly Body _body;
    readonly IReadOnlyDictionary<string, string> _specialTokens;

    ChatTemplate(string name, Body body, IReadOnlyDictionary<string, string> specialTokens)
    {
        _name = name;
        _body = body;
        _specialTokens = specialTokens;
    }

    /// <summary>Reads a template.</summary>
    /// <param name="source">The template, of at most a million characters.</param>
    /// <param name="name">What messages call it.</param>
    /// <param name="specialTokens">Names that it always knows, such as <c>bos_token</c>. Default none.</param>
    /// <exception cref="TokenizerException">It is malformed, or uses what is not supported; with line and column.</exception>
    public static ChatTemplate Parse(string source, string name, IReadOnlyDictionary<string, string>? specialTokens = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (source.Length > LongestSource)
            throw new TokenizerException($"{name}: a template should have at most {LongestSource} characters, got {source.Length}.");

        Body body = TemplateParser.Parse(source, (position, message) => Error(name, position, message));
        return new ChatTemplate(name, body, specialTokens ?? new Dictionary<string, string>());
    }

    /// <summary>Writes a conversation as text.</summary>
    /// <param name="messages">Its turns, in order.</param>
    /// <param name="options">See there for the defaults.</param>
    /// <exception cref="TokenizerException">
    /// The template refuses the conversation, makes a mistake, or takes too long; with line and column.
    /// </exception>
    public RenderedChat Render(IEnumerable<ChatMessage> messages, ChatTemplateOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(messages);
        options ??= new ChatTemplateOptions();
        Rendering rendering = new((position, message) => Error(_name, position, message), options.Now);
        Scope scope = new(rendering, outer: null);
        Budget.Start();
        Globals.AddTo(scope);
        foreach ((string name, string token) in _specialTokens)
            scope.Set(name, token);
        scope.Set("tools", null);
        scope.Set("documents", null);
        scope.Set("add_generation_prompt", options.AddGenerationPrompt);
        try
        {
            foreach ((string name, JsonNode? value) in options.Variables)
                scope.Set(name, Value.Of(value));
            scope.Set("messages", messages.Select(message => Value.Of(message.Fields)).ToList());
        }
        catch (Fault fault)
        {
            throw new TokenizerException($"{_name}: the messages or variables cannot be used: {fault.Message}", fault);
        }

        _body.Run(scope.Inner());
        return new RenderedChat(rendering.Text, rendering.AssistantSpans);
    }

    static TokenizerException Error(string name, Position position, string message) =>
        new($"{name}:{position.Line}:{position.Column}: {message}");
}
