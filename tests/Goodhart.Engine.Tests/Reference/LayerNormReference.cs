using Goodhart.Engine.Tests.Contract;

namespace Goodhart.Engine.Tests.Reference;

/// <summary>y = (x - mean(x)) / sqrt(var(x) + epsilon) * weight + bias.</summary>
sealed class LayerNormReference : IOpReference
{
    public IEnumerable<OpCase> Cases()
    {
        foreach (int columns in Sizes.Widths.Skip(1))
            yield return Case(rows: 3, columns, epsilon: 1e-5f);
        yield return Case(rows: 3, columns: 9, epsilon: 0.5f);
        yield return Case(rows: 400, columns: 256, epsilon: 1e-5f);
    }

    static OpCase Case(int rows, int columns, float epsilon) => new(
        "LayerNorm", $"[{rows}, {columns}], epsilon {epsilon}",
        [new("x", new(rows, columns)), new("weight", new(1, columns)), new("bias", new(1, columns))],
        (tape, input) => tape.LayerNorm(input[0], input[1], input[2], epsilon),
        input => [.. input[0].Chunk(columns).SelectMany(row => Row(row, input[1], input[2], epsilon))]);

    static IEnumerable<double> Row(double[] x, double[] weight, double[] bias, double epsilon)
    {
        double mean = x.Average(), variance = x.Average(value => (value - mean) * (value - mean));
        return x.Select((value, i) => (value - mean) / Math.Sqrt(variance + epsilon) * weight[i] + bias[i]);
    }
}
