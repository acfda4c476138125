using Goodhart.Engine.Tests.Contract;

namespace Goodhart.Engine.Tests.Reference;

/// <summary>y[n, c] = x[n, c] + bias[c].</summary>
sealed class AddBiasReference : IOpReference
{
    public IEnumerable<OpCase> Cases() => Sizes.Widths.Select(columns => new OpCase(
        "AddBias", $"[3, {columns}]",
        [new("x", new(3, columns)), new("bias", new(1, columns))],
        (tape, input) => tape.AddBias(input[0], input[1]),
        input => [.. input[0].Select((x, i) => x + input[1][i % columns])]));
}
