using Goodhart.Engine.Tests.Contract;

namespace Goodhart.Engine.Tests.Reference;

/// <summary>loss[n] = -log softmax(logits[n])[targets[n]].</summary>
sealed class CrossEntropyReference : IOpReference
{
    public IEnumerable<OpCase> Cases()
    {
        foreach (int columns in Sizes.Widths)
            yield return Case(rows: 3, columns);
        yield return Case(rows: 3, columns: 31, scale: 30);
        yield return Case(rows: 3, columns: 31, scale: 1e-3);
        yield return Case(rows: 60, columns: 700);
    }

    static OpCase Case(int rows, int columns, double scale = 1)
    {
        int[] targets = [.. Enumerable.Range(0, rows).Select(n => 5 * n % columns)];
        return new(
            "CrossEntropy", $"[{rows}, {columns}]{(scale == 1 ? "" : $", logits x {scale}")}",
            [new("logits", new(rows, columns)) { Scale = scale }],
            (tape, input) => tape.CrossEntropy(input[0], targets),
            input => [.. input[0].Chunk(columns).Zip(targets, (logits, target) => -Softmax.Log(logits)[target])]);
    }
}
