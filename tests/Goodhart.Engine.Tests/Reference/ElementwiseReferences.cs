using Goodhart.Engine.Autograd;
using Goodhart.Engine.Tensors;
using Goodhart.Engine.Tests.Contract;

namespace Goodhart.Engine.Tests.Reference;

/// <summary>y = x (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))) / 2.</summary>
sealed class GeluReference : IOpReference
{
    public IEnumerable<OpCase> Cases() => Elementwise.Cases("Gelu", (tape, x) => tape.Gelu(x),
        x => x * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x))) / 2);
}

/// <summary>y = max(x, 0).</summary>
sealed class ReluReference : IOpReference
{
    public IEnumerable<OpCase> Cases() => Elementwise.Cases("Relu", (tape, x) => tape.Relu(x), x => Math.Max(x, 0));
}

/// <summary>y = -2.5 x.</summary>
sealed class ScaleReference : IOpReference
{
    public IEnumerable<OpCase> Cases() => Elementwise.Cases("Scale", (tape, x) => tape.Scale(x, -2.5f), x => -2.5 * x);
}

/// <summary>y = a b.</summary>
sealed class MultiplyReference : IOpReference
{
    public IEnumerable<OpCase> Cases() => Sizes.Widths.Select(columns => new OpCase(
        "Multiply", $"[3, {columns}]",
        [new("a", new(3, columns)), new("b", new(3, columns))],
        (tape, input) => tape.Multiply(input[0], input[1]),
        input => [.. input[0].Zip(input[1], (a, b) => a * b)]));
}

/// <summary>An op of one input, element by element, at every width and at values near and far from zero.</summary>
static class Elementwise
{
    public static IEnumerable<OpCase> Cases(string op, Func<Tape, Tensor, Tensor> run, Func<double, double> reference)
    {
        foreach (int columns in Sizes.Widths)
            yield return Case(columns, scale: 1);
        yield return Case(columns: 40, scale: 10);

        OpCase Case(int columns, double scale) => new(
            op, $"[3, {columns}]{(scale == 1 ? "" : $", x {scale}")}",
            [new("x", new(3, columns)) { Scale = scale }],
            (tape, input) => run(tape, input[0]),
            input => [.. input[0].Select(reference)]);
    }
}
