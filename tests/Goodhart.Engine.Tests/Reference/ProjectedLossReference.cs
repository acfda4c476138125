using Goodhart.Engine.Autograd;
using Goodhart.Engine.Tensors;
using Goodhart.Engine.Tests.Contract;

namespace Goodhart.Engine.Tests.Reference;

/// <summary>The sum over rows of weight times a loss of the logits hidden transpose(head), which are never held whole.</summary>
sealed class ProjectedLossReference : IOpReference
{
    const float Weight = 0.25f, Beta = 0.3f;

    /// <summary>Around the rows of a panel (16 or 32), several panels, and more rows than one chunk of so large a vocabulary has.</summary>
    static readonly (int Rows, int Width, int Vocabulary)[] Shapes =
        [(1, 1, 1), (3, 8, 7), (15, 4, 31), (16, 9, 64), (33, 33, 9), (70, 9, 31), (130, 2, 4200)];

    delegate Tensor Divergence(Tape tape, Projection student, Projection teacher, float temperature);

    public IEnumerable<OpCase> Cases() =>
    [
        .. Divergences("ForwardKl", (tape, student, teacher, t) => tape.ForwardKl(student, teacher, Weight, t), ForwardKlReference.Of),
        .. Divergences("ReverseKl", (tape, student, teacher, t) => tape.ReverseKl(student, teacher, Weight, t), (p, q) => ForwardKlReference.Of(q, p)),
        .. Divergences("JensenShannon", (tape, student, teacher, t) => tape.JensenShannon(student, teacher, Weight, Beta, t), JensenShannon),
        .. Shapes.Select(CrossEntropy),
    ];

    static IEnumerable<OpCase> Divergences(string op, Divergence run, Func<double[], double[], double> reference)
    {
        foreach ((int rows, int width, int vocabulary) in Shapes)
        {
            float temperature = rows == 15 ? 2 : 1;
            int teacherWidth = width + 3;
            yield return new OpCase(
                op, $"projected [{rows}, {width}] to [{rows}, {vocabulary}], T {temperature}",
                [
                    new("hidden", new(rows, width)), new("head", new(vocabulary, width)),
                    new("teacher's hidden", new(rows, teacherWidth)) { IsConstant = true },
                    new("teacher's head", new(vocabulary, teacherWidth)) { IsConstant = true },
                ],
                (tape, x) => run(tape, new(x[0], x[1]), new(x[2], x[3]), temperature),
                x => [Logits(x[0], x[1], width).Zip(Logits(x[2], x[3], teacherWidth), (student, teacher) =>
                    Weight * temperature * temperature * reference(Softmax.Log(teacher, temperature), Softmax.Log(student, temperature))).Sum()])
            { IsLoss = true };
        }
    }

    static OpCase CrossEntropy((int Rows, int Width, int Vocabulary) shape)
    {
        (int rows, int width, int vocabulary) = shape;
        int[] targets = [.. Enumerable.Range(0, rows).Select(n => 5 * n % vocabulary)];
        return new OpCase(
            "CrossEntropy", $"projected [{rows}, {width}] to [{rows}, {vocabulary}]",
            [new("hidden", new(rows, width)), new("head", new(vocabulary, width))],
            (tape, x) => tape.CrossEntropy(new Projection(x[0], x[1]), targets, Weight),
            x => [Logits(x[0], x[1], width).Zip(targets, (logits, target) => -Weight * Softmax.Log(logits)[target]).Sum()])
        { IsLoss = true };
    }

    static double JensenShannon(double[] logP, double[] logQ)
    {
        double[] logM = [.. logP.Zip(logQ, (p, q) => Math.Log(Beta * Math.Exp(p) + (1 - Beta) * Math.Exp(q)))];
        return Beta * ForwardKlReference.Of(logP, logM) + (1 - Beta) * ForwardKlReference.Of(logQ, logM);
    }

    static IEnumerable<double[]> Logits(double[] hidden, double[] head, int width) => hidden.Chunk(width).Select(h =>
    {
        double[] logits = new double[head.Length / width];
        for (int v = 0; v < logits.Length; v++)
        {
            for (int c = 0; c < width; c++)
                logits[v] += h[c] * head[v * width + c];
        }

        return logits;
    });
}
