using Goodhart.Engine.Autograd;
using Goodhart.Engine.Randomness;
using Goodhart.Engine.Tensors;
using Goodhart.Engine.Threading;
using Goodhart.Models.Architectures.Llama;

namespace Goodhart.Models.Tests.Architectures.Llama;

/// <summary>Gradients of whole models against central differences of the written-out one, at elements of every weight.</summary>
public sealed class LlamaGradientTests : IDisposable
{
    const int Length = 5;
    const int ElementsOfEach = 16;

    readonly Workers _workers = new(1);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Cross_entropy_has_the_gradient_of_the_written_out_model(bool isTied)
    {
        LlamaModel model = TinyLlama.Create(TinyLlama.Config with { TieWordEmbeddings = isTied });
        int[] targets = TinyLlama.Ids(2 * Length, model.Config, seed: 2);

        AssertGradients(
            model,
            (tape, logits) => tape.CrossEntropy(logits, targets),
            (logits, row) => LogSumExp(logits) - logits[targets[row]]);
    }

    [Theory]
    [MemberData(nameof(TinyLlama.Families), MemberType = typeof(TinyLlama))]
    public void Every_family_has_the_gradient_of_the_written_out_model(string family)
    {
        LlamaModel model = TinyLlama.Create(TinyLlama.OfFamily(family));
        int[] targets = TinyLlama.Ids(2 * Length, model.Config, seed: 2);

        AssertGradients(
            model,
            (tape, logits) => tape.CrossEntropy(logits, targets),
            (logits, row) => LogSumExp(logits) - logits[targets[row]]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Forward_kl_has_the_gradient_of_the_written_out_model(bool isTied)
    {
        LlamaModel model = TinyLlama.Create(TinyLlama.Config with { TieWordEmbeddings = isTied });
        int columns = model.Config.VocabSize;
        Rng rng = new(3, "teacher");
        float[] teacher = [.. Enumerable.Range(0, 2 * Length * columns).Select(_ => (float)(2 * rng.NextGaussian()))];

        AssertGradients(
            model,
            (tape, logits) => tape.ForwardKl(logits, Tensor.Constant(teacher, new Shape(2 * Length, columns))),
            (logits, row) => ForwardKl(Array.ConvertAll(teacher[(row * columns)..((row + 1) * columns)], z => (double)z), logits));
    }

    [Fact]
    public void Computing_layers_again_changes_no_bit_of_the_gradients()
    {
        LlamaModel model = TinyLlama.Create(TinyLlama.Config);
        float[] kept = Gradients(checkpointing: false), again = Gradients(checkpointing: true);

        Assert.Contains(kept, gradient => gradient != 0);
        Assert.Equal(kept, again);

        float[] Gradients(bool checkpointing)
        {
            int[] ids = TinyLlama.Ids(2 * Length, model.Config);
            Tape tape = new(_workers) { GradientCheckpointing = checkpointing };
            model.Parameters.ZeroGradients();
            tape.Backward(tape.CrossEntropy(model.Project(model.Hidden(tape, new TokenBatch(ids, Length))), ids, 1));
            return model.Parameters.Gradients.ToArray();
        }
    }

    public void Dispose() => _workers.Dispose();

    /// <param name="model">Whose gradients.</param>
    /// <param name="losses">[N, 1] of the logits [N, V].</param>
    /// <param name="expected">The loss of a row, from its logits and its number.</param>
    void AssertGradients(LlamaModel model, Func<Tape, Tensor, Tensor> losses, Func<double[], int, double> expected)
    {
        int[] ids = TinyLlama.Ids(2 * Length, model.Config);
        Tape tape = new(_workers);
        Tensor rows = losses(tape, model.Logits(tape, model.Hidden(tape, new TokenBatch(ids, Length))));
        tape.Backward(tape.Sum(rows, 1f / ids.Length));

        LlamaReference reference = new(model);
        foreach (Parameter parameter in model.Parameters.All)
        {
            ReadOnlySpan<float> gradients = GradientOf(model.Parameters, parameter);
            double typical = Math.Sqrt(gradients.ToArray().Average(g => g * g));
            for (int n = 0; n < Math.Min(ElementsOfEach, gradients.Length); n++)
            {
                int i = n * gradients.Length / Math.Min(ElementsOfEach, gradients.Length);
                double slope = Slope(reference.Weights[parameter.Name], i);
                Assert.True(
                    Math.Abs(gradients[i] - slope) <= 1e-3 * Math.Abs(slope) + 1e-4 * typical,
                    $"{parameter.Name}[{i}]: should be {slope}, got {gradients[i]}.");
            }
        }

        double Slope(double[] weights, int i)
        {
            const double Step = 1e-4;
            double at = weights[i];
            weights[i] = at + Step;
            double above = Loss();
            weights[i] = at - Step;
            double below = Loss();
            weights[i] = at;
            return (above - below) / (2 * Step);
        }

        double Loss() => reference.Logits(ids[..Length]).Concat(reference.Logits(ids[Length..])).Select(expected).Average();
    }

    static ReadOnlySpan<float> GradientOf(ParameterSet parameters, Parameter parameter)
    {
        parameters.Values.Overlaps(parameter.Value.Data, out int from);
        return parameters.Gradients.Slice(from, parameter.Value.Shape.Length);
    }

    static double ForwardKl(double[] teacher, double[] student)
    {
        double ofTeacher = LogSumExp(teacher), ofStudent = LogSumExp(student);
        return teacher.Zip(student, (p, q) => Math.Exp(p - ofTeacher) * (p - ofTeacher - q + ofStudent)).Sum();
    }

    static double LogSumExp(double[] logits) => Math.Log(logits.Sum(Math.Exp));
}
