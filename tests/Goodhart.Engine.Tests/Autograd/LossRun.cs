using Goodhart.Engine.Autograd;
using Goodhart.Engine.Randomness;
using Goodhart.Engine.Tensors;
using Goodhart.Engine.Threading;

namespace Goodhart.Engine.Tests.Autograd;

/// <summary>A loss of each row of logits, and the gradient of the sum of the rows that count.</summary>
sealed record LossRun(float[] Loss, float[] Gradient)
{
    static readonly ThreadLocal<Tape> OwnTape = new(() => new Tape(new Workers(1)));

    /// <param name="loss">[N, V] logits in, [N, 1] out.</param>
    /// <param name="student">The logits, row after row.</param>
    /// <param name="rows">N.</param>
    /// <param name="countedRows">Rows that are summed; all of them unless said.</param>
    public static LossRun Of(Func<Tape, Tensor, Tensor> loss, float[] student, int rows = 1, int[]? countedRows = null)
    {
        ParameterSet parameters = new([("student", [rows, student.Length / rows])], trainable: true);
        student.CopyTo(parameters["student"].Data);

        Tape tape = OwnTape.Value!;
        tape.Reset();
        Tensor each = loss(tape, parameters["student"]);
        tape.Backward(tape.Sum(tape.Embedding(each, countedRows ?? [.. Enumerable.Range(0, rows)])));
        return new(each.Data.ToArray(), parameters["student"].Gradient.ToArray());
    }
}

/// <summary>Logits to compute losses of.</summary>
static class Logits
{
    public static float[] Random(int seed, int count, double scale)
    {
        Rng rng = new(seed, "logits");
        float[] logits = new float[count];
        foreach (ref float z in logits.AsSpan())
            z = (float)(scale * rng.NextGaussian());
        return logits;
    }

    public static Tensor Constant(float[] logits, int rows = 1) => Tensor.Constant(logits, new(rows, logits.Length / rows));
}
