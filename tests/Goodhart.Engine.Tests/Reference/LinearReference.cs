using Goodhart.Engine.Tests.Contract;

namespace Goodhart.Engine.Tests.Reference;

/// <summary>y[n, o] = sum over i of x[n, i] weight[o, i].</summary>
sealed class LinearReference : IOpReference
{
    public IEnumerable<OpCase> Cases()
    {
        foreach (int width in Sizes.Widths)
        {
            yield return Case(rows: 5, inputs: width, outputs: 9);
            yield return Case(rows: 7, inputs: 8, outputs: width);
        }

        yield return Case(rows: 1, inputs: 64, outputs: 64);
        yield return Case(rows: 200, inputs: 96, outputs: 50);
        yield return Case(rows: 7, inputs: 300, outputs: 200);
        yield return Case(rows: 300, inputs: 33, outputs: 31);
    }

    static OpCase Case(int rows, int inputs, int outputs) => new(
        "Linear", $"[{rows}, {inputs}] to [{rows}, {outputs}]",
        [new("x", new(rows, inputs)), new("weight", new(outputs, inputs))],
        (tape, input) => tape.Linear(input[0], input[1]),
        input => Forward(input[0], input[1], rows, inputs, outputs));

    static double[] Forward(double[] x, double[] weight, int rows, int inputs, int outputs)
    {
        double[] y = new double[rows * outputs];
        for (int n = 0; n < rows; n++)
        {
            for (int o = 0; o < outputs; o++)
            {
                for (int i = 0; i < inputs; i++)
                    y[n * outputs + o] += x[n * inputs + i] * weight[o * inputs + i];
            }
        }

        return y;
    }
}
