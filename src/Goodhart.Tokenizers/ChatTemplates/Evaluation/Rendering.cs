using System.Text;
using Goodhart.Tokenizers.ChatTemplates.Syntax;
using Goodhart.Tokenizers.ChatTemplates.Values;

namespace Goodhart.Tokenizers.ChatTemplates.Evaluation;

/// <summary>One pass over a template: the text so far and where the assistant speaks in it.</summary>
sealed class Rendering(Func<Position, string, TokenizerException> error, DateTimeOffset? now)
{
    readonly Stack<StringBuilder> _outputs = new([new StringBuilder()]);

    public DateTimeOffset? Now => now;

    public List<Range> AssistantSpans { get; } = [];

    public string Text => _outputs.Peek().ToString();

    public TokenizerException Error(Position position, string message) => error(position, message);

    public void Write(string text)
    {
        Budget.Charge(text.Length);
        _outputs.Peek().Append(text);
    }

    /// <summary>What an action writes, instead of writing it.</summary>
    public string Capture(Action action)
    {
        _outputs.Push(new StringBuilder());
        action();
        return _outputs.Pop().ToString();
    }

    /// <summary>Notes what an action writes as words of the assistant.</summary>
    public void AsAssistant(Action action)
    {
        if (_outputs.Count > 1)
            throw new Fault("'generation' inside a macro or 'set' is not supported.");

        int start = _outputs.Peek().Length;
        action();
        AssistantSpans.Add(start.._outputs.Peek().Length);
    }
}
