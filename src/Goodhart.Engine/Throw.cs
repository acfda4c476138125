using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using Goodhart.Engine.Tensors;

namespace Goodhart.Engine;

/// <summary>Misuse of the API, said in words: op, argument, rule, got.</summary>
[StackTraceHidden]
static class Throw
{
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
}
