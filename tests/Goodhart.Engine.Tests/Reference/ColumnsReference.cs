using Goodhart.Engine.Tests.Contract;

namespace Goodhart.Engine.Tests.Reference;

/// <summary>y[n, c] = x[n, from + c].</summary>
sealed class ColumnsReference : IOpReference
{
    public IEnumerable<OpCase> Cases() => ((int From, int Count)[])[(0, 1), (0, 24), (8, 8), (5, 13), (23, 1)] is var ranges
        ? ranges.Select(range => new OpCase(
            "Columns", $"{range.From} to {range.From + range.Count} of [3, 24]",
            [new("x", new(3, 24))],
            (tape, input) => tape.Columns(input[0], range.From, range.Count),
            input => [.. input[0].Chunk(24).SelectMany(row => row.Skip(range.From).Take(range.Count))]))
        : [];
}
