using Goodhart.Engine.Autograd;
using Goodhart.Engine.Tests.Contract;

namespace Goodhart.Engine.Tests.Reference;

/// <summary>Channels (a, b) of a pair become (a cos - b sin, a sin + b cos) of position * theta^(-2i / D) for pair i.</summary>
sealed class RopeReference : IOpReference
{
    const double Theta = 10000;

    public IEnumerable<OpCase> Cases()
    {
        foreach (bool interleaved in (bool[])[false, true])
        {
            foreach (int headSize in (int[])[2, 4, 8, 12, 64])
                yield return Case([3, 0, 1, 7, 7], heads: 3, headSize, interleaved);
            yield return Case([.. Enumerable.Range(0, 300)], heads: 4, headSize: 64, interleaved);
        }
    }

    static OpCase Case(int[] positions, int heads, int headSize, bool interleaved)
    {
        RopeTable table = new(positions.Max() + 1, headSize, Theta, interleaved);
        return new(
            "Rope", $"[{positions.Length}, {heads} x {headSize}], {(interleaved ? "neighbouring pairs" : "half-apart pairs")}",
            [new("x", new(positions.Length, heads * headSize))],
            (tape, input) => tape.Rope(input[0], table, positions),
            input => Forward(input[0], positions, heads, headSize, interleaved));
    }

    static double[] Forward(double[] x, int[] positions, int heads, int headSize, bool interleaved)
    {
        double[] y = new double[x.Length];
        for (int n = 0; n < positions.Length; n++)
        {
            for (int head = 0; head < heads; head++)
            {
                for (int i = 0; i < headSize / 2; i++)
                {
                    int start = (n * heads + head) * headSize;
                    int a = start + (interleaved ? 2 * i : i), b = start + (interleaved ? 2 * i + 1 : i + headSize / 2);
                    double angle = positions[n] * Math.Pow(Theta, -2.0 * i / headSize);
                    y[a] = x[a] * Math.Cos(angle) - x[b] * Math.Sin(angle);
                    y[b] = x[a] * Math.Sin(angle) + x[b] * Math.Cos(angle);
                }
            }
        }

        return y;
    }
}
