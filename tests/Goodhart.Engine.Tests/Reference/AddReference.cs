using Goodhart.Engine.Tests.Contract;

namespace Goodhart.Engine.Tests.Reference;

/// <summary>y = a + b.</summary>
sealed class AddReference : IOpReference
{
    public IEnumerable<OpCase> Cases() => Sizes.Widths.Select(columns => new OpCase(
        "Add", $"[3, {columns}]",
        [new("a", new(3, columns)), new("b", new(3, columns))],
        (tape, input) => tape.Add(input[0], input[1]),
        input => [.. input[0].Zip(input[1], (a, b) => a + b)]));
}
