using Goodhart.Engine.Tests.Contract;

namespace Goodhart.Engine.Tests.Reference;

/// <summary>y = x / sqrt(mean(x^2) + epsilon) * weight.</summary>
sealed class RmsNormReference : IOpReference
{
    public IEnumerable<OpCase> Cases()
    {
        foreach (int columns in Sizes.Widths)
            yield return Case(rows: 3, columns, epsilon: 1e-5f);
        yield return Case(rows: 3, columns: 9, epsilon: 0.5f);
        yield return Case(rows: 3, columns: 12, epsilon: 1e-5f, heads: 5);
        yield return Case(rows: 400, columns: 256, epsilon: 1e-5f);
    }

    static OpCase Case(int rows, int columns, float epsilon, int heads = 1) => new(
        "RmsNorm", $"[{rows}, {(heads == 1 ? "" : $"{heads} x ")}{columns}], epsilon {epsilon}",
        [new("x", new(rows, heads * columns)), new("weight", new(1, columns))],
        (tape, input) => tape.RmsNorm(input[0], input[1], epsilon, heads),
        input => Forward(input[0], input[1], epsilon));

    static double[] Forward(double[] x, double[] weight, double epsilon)
    {
        int columns = weight.Length;
        double[] y = new double[x.Length];
        for (int n = 0; n < x.Length; n += columns)
        {
            double meanSquare = 0;
            for (int i = 0; i < columns; i++)
                meanSquare += x[n + i] * x[n + i] / columns;
            for (int i = 0; i < columns; i++)
                y[n + i] = x[n + i] / Math.Sqrt(meanSquare + epsilon) * weight[i];
        }

        return y;
    }
}
