using Goodhart.Engine.Tests.Contract;

namespace Goodhart.Engine.Tests.Reference;

/// <summary>y = silu(gate) * up with silu(g) = g / (1 + e^-g).</summary>
sealed class SwiGluReference : IOpReference
{
    public IEnumerable<OpCase> Cases()
    {
        foreach (int columns in Sizes.Widths)
            yield return Case(rows: 3, columns);
        yield return Case(rows: 3, columns: 31, scale: 40);
        yield return Case(rows: 150, columns: 500);
    }

    static OpCase Case(int rows, int columns, double scale = 1) => new(
        "SwiGlu", $"[{rows}, {columns}]{(scale == 1 ? "" : $", gates x {scale}")}",
        [new("gate", new(rows, columns)) { Scale = scale }, new("up", new(rows, columns))],
        (tape, input) => tape.SwiGlu(input[0], input[1]),
        input => [.. input[0].Zip(input[1], (gate, up) => gate / (1 + Math.Exp(-gate)) * up)]);
}
