using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Goodhart.Engine.Tensors;

namespace Goodhart.Engine;

/// <summary>Misuse of the API, said in words: op, argument, rule, got.</summary>
[StackTraceHidden]
static class Throw
{
    /// <summary>Throws unless the condition holds; only then is the message put together.</summary>
    public static void Unless([DoesNotReturnIf(false)] bool condition, [InterpolatedStringHandlerArgument(nameof(condition))] ref Message message)
    {
        if (!condition)
            throw new ArgumentException(message.Text);
    }

    /// <inheritdoc cref="Unless(bool, ref Message)"/>
    public static void Unless([DoesNotReturnIf(false)] bool condition, string message)
    {
        if (!condition)
            throw new ArgumentException(message);
    }

    public static void UnlessShape(string op, Tensor tensor, Shape expected, string argument)
    {
        if (tensor.Shape != expected)
            throw new ArgumentException($"{op}: {argument} should have shape {expected}, got {tensor.Shape}.");
    }

    /// <summary>A message that costs nothing while its condition holds.</summary>
    [InterpolatedStringHandler]
    public ref struct Message
    {
        DefaultInterpolatedStringHandler _text;

        public Message(int literalLength, int formattedCount, bool condition, out bool isWanted)
        {
            isWanted = !condition;
            _text = isWanted ? new DefaultInterpolatedStringHandler(literalLength, formattedCount) : default;
        }

        public string Text => _text.ToStringAndClear();

        public void AppendLiteral(string value) => _text.AppendLiteral(value);

        public void AppendFormatted<T>(T value) => _text.AppendFormatted(value);
    }
}
