using Goodhart.Distillation.Data;
using Goodhart.Distillation.Evaluation;
using Goodhart.Engine.Randomness;
using Goodhart.Engine.Threading;
using Goodhart.Models.Architectures.Llama;
using Goodhart.Models.Generation;

namespace Goodhart.Distillation.Tests.Evaluation;

public sealed class ReferenceSetTests : IDisposable
{
    readonly Workers _workers = new(1);

    [Fact]
    public void Distances_are_those_computed_token_by_token()
    {
        LlamaModel reference = Tiny.Model(1), student = Tiny.Model(2);
        Example[] examples = Tiny.Examples(70); // More than are computed at a time.

        (Estimate forward, Estimate jsd) = new ReferenceSet(reference, examples, _workers).Distances(student);

        AssertEqual(Estimate.Of([.. examples.Select(e => (Sum(e, SequenceDistribution.Kl), e.CompletionLength))]), forward);
        AssertEqual(Estimate.Of([.. examples.Select(e => (Sum(e, SequenceDistribution.Jsd), e.CompletionLength))]), jsd);

        double Sum(Example example, Func<double[], double[], double> distance) =>
            SequenceDistribution.LogProbabilities(reference, example.Ids).Zip(SequenceDistribution.LogProbabilities(student, example.Ids), distance)
                .Skip(example.PromptLength - 1).Take(example.CompletionLength).Sum();
    }

    [Fact]
    public void A_model_has_no_distance_from_itself()
    {
        LlamaModel model = Tiny.Model(1);

        (Estimate forward, Estimate jsd) = new ReferenceSet(model, Tiny.Examples(20), _workers).Distances(model.Copy(trainable: true));

        Assert.Equal(new Estimate(0, 0, 0, 0), forward);
        Assert.Equal(new Estimate(0, 0, 0, 0), jsd);
    }

    [Fact]
    public void A_student_that_has_changed_is_measured_anew()
    {
        LlamaModel reference = Tiny.Model(1), student = Tiny.Model(2);
        ReferenceSet set = new(reference, Tiny.Examples(20), _workers);
        set.Distances(student);

        student.Parameters.CopyFrom(reference.Parameters);

        Assert.Equal(0, set.Distances(student).ForwardKl.PerToken);
    }

    [Fact]
    public void The_sequence_divergence_agrees_with_the_sum_over_all_completions()
    {
        LlamaConfig config = Tiny.Config with { VocabSize = 3, BosTokenId = 0 };
        LlamaModel oracle = Tiny.Model(5, config), student = Tiny.Model(6, config);
        int[] prompt = [0, 1];
        Completion[] written = new Generator(oracle, _workers).Generate(
            [.. Enumerable.Repeat(prompt, 1000)], new() { MaxNewTokens = 3, StopIds = [2] }, i => new Rng(1, "oracle", i));

        Estimate estimate = new ReferenceSet(oracle, [.. written.Select(c => Example.Of(prompt, c.Ids))], _workers).Distances(student).ForwardKl;

        double exact = SequenceDistribution.SequenceKl(oracle, student, prompt, longest: 3, stop: 2);
        Assert.InRange(estimate.PerSequence, exact - 3 * estimate.PerSequenceStdErr, exact + 3 * estimate.PerSequenceStdErr);
        Assert.InRange(estimate.PerSequenceStdErr, 0, exact / 10);
        Assert.Contains(written, c => c.Ids.Length < 3);
    }

    public void Dispose() => _workers.Dispose();

    static void AssertEqual(Estimate expected, Estimate actual)
    {
        Assert.Equal(expected.PerToken, actual.PerToken, 1e-5);
        Assert.Equal(expected.PerTokenStdErr, actual.PerTokenStdErr, 1e-5);
        Assert.Equal(expected.PerSequence, actual.PerSequence, 1e-5);
        Assert.Equal(expected.PerSequenceStdErr, actual.PerSequenceStdErr, 1e-5);
    }
}
