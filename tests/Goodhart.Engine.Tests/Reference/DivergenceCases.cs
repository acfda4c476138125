using Goodhart.Engine.Autograd;
using Goodhart.Engine.Tensors;
using Goodhart.Engine.Tests.Contract;

namespace Goodhart.Engine.Tests.Reference;

/// <summary>The shapes that every divergence between next-token distributions is tried at: T^2 f(log p, log q), row by row.</summary>
static class DivergenceCases
{
    public delegate Tensor OpOnTape(Tape tape, Tensor student, Tensor teacher, float temperature);

    /// <param name="op">The op's name.</param>
    /// <param name="run">The op.</param>
    /// <param name="reference">f of the teacher's and the student's log-probabilities.</param>
    public static IEnumerable<OpCase> Of(string op, OpOnTape run, Func<double[], double[], double> reference)
    {
        foreach (int columns in Sizes.Widths)
        {
            yield return Case(rows: 3, columns, temperature: 1);
            yield return Case(rows: 3, columns, temperature: 2);
        }

        yield return Case(rows: 3, columns: 31, temperature: 1, scale: 30);
        yield return Case(rows: 3, columns: 31, temperature: 1, scale: 1e-3);
        yield return Case(rows: 60, columns: 700, temperature: 1);

        OpCase Case(int rows, int columns, float temperature, double scale = 1) => new(
            op, $"[{rows}, {columns}], T {temperature}{(scale == 1 ? "" : $", logits x {scale}")}",
            [
                new("student", new(rows, columns)) { Scale = scale },
                new("teacher", new(rows, columns)) { Scale = scale, IsConstant = true },
            ],
            (tape, input) => run(tape, input[0], input[1], temperature),
            input => [.. input[0].Chunk(columns).Zip(input[1].Chunk(columns), (student, teacher) =>
                temperature * temperature * reference(Softmax.Log(teacher, temperature), Softmax.Log(student, temperature)))]);
    }
}
