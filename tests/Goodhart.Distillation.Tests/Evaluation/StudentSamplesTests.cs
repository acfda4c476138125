using Goodhart.Distillation.Evaluation;
using Goodhart.Engine.Randomness;
using Goodhart.Engine.Threading;
using Goodhart.Models.Architectures.Llama;

namespace Goodhart.Distillation.Tests.Evaluation;

public sealed class StudentSamplesTests : IDisposable
{
    readonly Workers _workers = new(1);

    [Fact]
    public void The_sequence_divergence_agrees_with_the_sum_over_all_completions()
    {
        LlamaConfig config = Tiny.Config with { VocabSize = 3, BosTokenId = 0 };
        LlamaModel student = Tiny.Model(5, config);
        LlamaModel[] references = [Tiny.Model(6, config), Tiny.Model(7, config)];
        int[] prompt = [0, 1];
        StudentSamples samples = new([.. Enumerable.Repeat(prompt, 1000)], new() { MaxNewTokens = 3, StopIds = [2] }, Stream, _workers);

        Estimate[] estimates = samples.ReverseKl(student, references);

        Assert.All(references.Zip(estimates), pair =>
        {
            double exact = SequenceDistribution.SequenceKl(student, pair.First, prompt, longest: 3, stop: 2);
            double error = pair.Second.PerSequenceStdErr;
            Assert.InRange(pair.Second.PerSequence, exact - 3 * error, exact + 3 * error);
            Assert.InRange(error, 0, exact / 10);
        });
    }

    [Fact]
    public void A_student_has_no_distance_from_itself_and_the_same_one_from_others_each_time()
    {
        LlamaModel student = Tiny.Model(1), other = Tiny.Model(2);
        int[][] prompts = [.. Tiny.Examples(70).Select(e => e.Ids[..e.PromptLength])];
        StudentSamples samples = new(prompts, new() { MaxNewTokens = 4 }, Stream, _workers);

        Estimate[] estimates = samples.ReverseKl(student, other, student.Copy(trainable: false));

        Assert.Equal(new Estimate(0, 0, 0, 0), estimates[1]);
        Assert.True(estimates[0].PerToken > 10 * estimates[0].PerTokenStdErr);
        Assert.Equal(estimates[0], samples.ReverseKl(student, other)[0]);
        Assert.Equal(4 * estimates[0].PerToken, estimates[0].PerSequence, 1e-12);
    }

    [Fact]
    public void A_student_that_has_changed_writes_anew()
    {
        LlamaModel student = Tiny.Model(1), other = Tiny.Model(2);
        StudentSamples samples = new([[1], [2]], new() { MaxNewTokens = 4 }, Stream, _workers);
        samples.ReverseKl(student, other);

        student.Parameters.CopyFrom(other.Parameters);

        Assert.Equal(0, samples.ReverseKl(student, other)[0].PerToken);
    }

    public void Dispose() => _workers.Dispose();

    static Rng Stream(int prompt) => new(1, "student", prompt);
}
