using Goodhart.Distillation.Data;
using Goodhart.Distillation.Evaluation;
using Goodhart.Distillation.Losses;
using Goodhart.Distillation.Recipes;
using Goodhart.Distillation.Teachers;
using Goodhart.Engine.Randomness;
using Goodhart.Engine.Tensors;
using Goodhart.Engine.Threading;
using Goodhart.Models.Architectures.Llama;
using Goodhart.Models.Generation;

namespace Goodhart.Distillation.Tests.Recipes;

public sealed class LogitDistillationTests : IDisposable
{
    readonly Workers _workers = new(1);

    [Theory]
    [InlineData(LossKind.ForwardKl)]
    [InlineData(LossKind.ReverseKl)]
    [InlineData(LossKind.Jsd)]
    public void A_student_that_is_its_teacher_stays_as_it_is(LossKind kind)
    {
        LlamaModel student = Tiny.Model(1);
        float[] before = Tiny.WeightsOf(student);

        List<TrainingStep> steps = Run(student, student.Copy(trainable: false), new() { Kind = kind }, Tiny.Options(3));

        Assert.All(steps, step => Assert.Equal((0.0, 0.0), (step.Loss, step.GradNorm)));
        Assert.Equal(before, Tiny.WeightsOf(student));
    }

    [Theory]
    [InlineData(LossKind.ForwardKl)]
    [InlineData(LossKind.ReverseKl)]
    [InlineData(LossKind.Jsd)]
    [InlineData(LossKind.Ce)]
    public void A_student_comes_nearer_to_its_teacher_where_it_was_not_trained(LossKind kind)
    {
        LlamaModel teacher = Tiny.Model(1), student = Tiny.Model(2, Tiny.Config with { NumHiddenLayers = 1 });
        ReferenceSet heldOut = new(teacher, Written(teacher, 40, "held-out"), _workers);
        double before = heldOut.Distances(student).ForwardKl.PerToken;

        Run(student, teacher, new() { Kind = kind }, Tiny.Options(80), Written(teacher, 200, "train"));

        Assert.InRange(heldOut.Distances(student).ForwardKl.PerToken, 0, before / 2);
    }

    [Fact]
    public void A_step_says_what_it_did()
    {
        TrainingOptions options = Tiny.Options(4) with { WarmupSteps = 2, MaxGradNorm = 1e-3 };
        Example[] examples = Tiny.Examples(16);

        List<TrainingStep> steps = Run(Tiny.Model(1), Tiny.Model(2), new(), options, examples);

        Assert.Equal([1, 2, 3, 4], steps.Select(s => s.Step));
        Assert.Equal([0.005, 0.01, 0.01, 0.01], steps.Select(s => s.LearningRate));
        Assert.Equal(examples.Sum(e => e.CompletionLength), steps[1].Tokens);
        Assert.All(steps, s => Assert.True(s.GradNorm > 1e-3, "The norm is the one before clipping."));
    }

    [Fact]
    public void The_loss_is_the_mean_over_completion_tokens_of_the_whole_step()
    {
        LlamaModel teacher = Tiny.Model(1), student = Tiny.Model(2);
        Example[] examples = Tiny.Examples(8);
        double expected = new ReferenceSet(teacher, examples, _workers).Distances(student).ForwardKl.PerToken;

        Assert.Equal(expected, Run(student, teacher, new(), Tiny.Options(1), examples)[0].Loss, 1e-6);
    }

    [Theory]
    [InlineData(LossKind.ForwardKl)]
    [InlineData(LossKind.Ce)]
    public void Batches_that_are_accumulated_do_what_one_large_batch_does(LossKind kind)
    {
        LlamaModel teacher = Tiny.Model(1), whole = Tiny.Model(2), parts = Tiny.Model(2);
        Example[] examples = Tiny.Examples(24);
        Assert.True(examples.Select(e => e.CompletionLength).Distinct().Count() > 1, "Batches should differ in tokens.");

        List<TrainingStep> once = Run(whole, teacher, new() { Kind = kind }, Tiny.Options(3), examples);
        List<TrainingStep> accumulated = Run(
            parts, teacher, new() { Kind = kind }, Tiny.Options(3) with { PerDeviceTrainBatchSize = 2, GradientAccumulationSteps = 4 }, examples);

        Assert.All(once.Zip(accumulated), pair =>
        {
            Assert.Equal(pair.First.Loss, pair.Second.Loss, 1e-5);
            Assert.Equal(pair.First.GradNorm, pair.Second.GradNorm, 1e-5);
            Assert.Equal(pair.First.Tokens, pair.Second.Tokens);
        });
        Assert.All(Tiny.WeightsOf(whole).Zip(Tiny.WeightsOf(parts)), pair => Assert.Equal(pair.First, pair.Second, 1e-4f));
    }

    [Fact]
    public void Stopping_keeps_the_weights_of_the_step_before()
    {
        LlamaModel stopped = Tiny.Model(2), whole = Tiny.Model(2), teacher = Tiny.Model(1);

        LogitDistillation.Run(stopped, new LiveTeacher(teacher, _workers), Tiny.Source(Tiny.Examples(16)), new(), Tiny.Options(9), _workers,
            step => step.Step == 3 ? RunDecision.Stop : RunDecision.Continue);
        Run(whole, teacher, new(), Tiny.Options(3), Tiny.Examples(16));

        Assert.Equal(Tiny.WeightsOf(whole), Tiny.WeightsOf(stopped));
    }

    [Fact]
    public void A_loss_that_is_no_number_names_step_and_weight_and_leaves_the_weights()
    {
        LlamaModel student = Tiny.Model(2);
        student.Parameters["model.layers.1.mlp.up_proj.weight"].Data[3] = float.NaN;
        float[] before = Tiny.WeightsOf(student);

        TrainingException error = Assert.Throws<TrainingException>(() => Run(student, Tiny.Model(1), new(), Tiny.Options(3)));

        Assert.Equal(1, error.Step);
        Assert.StartsWith("step 1: the loss is not finite; the first bad tensor is 'model.layers.1.mlp.up_proj.weight'.", error.Message);
        Assert.Contains("Lower learning_rate", error.Message);
        Assert.Equal(before, Tiny.WeightsOf(student));
    }

    [Fact]
    public void A_broken_teacher_is_told_from_a_broken_student()
    {
        LlamaModel teacher = Tiny.Model(1);
        teacher.Parameters["model.norm.weight"].Data[0] = float.PositiveInfinity;

        TrainingException error = Assert.Throws<TrainingException>(() => Run(Tiny.Model(2), teacher, new(), Tiny.Options(3)));

        Assert.StartsWith("step 1: the loss is not finite; all weights still are.", error.Message);
    }

    [Fact]
    public void Weights_that_explode_are_caught_at_the_next_step_and_kept()
    {
        LlamaModel student = Tiny.Model(2);
        float[] last = [];

        TrainingException error = Assert.Throws<TrainingException>(() => LogitDistillation.Run(
            student, new LiveTeacher(Tiny.Model(1), _workers), Tiny.Source(Tiny.Examples(16)), new(), Tiny.Options(50) with { LearningRate = 1e30 }, _workers,
            step =>
            {
                last = Tiny.WeightsOf(student);
                return RunDecision.Continue;
            }));

        Assert.Equal(2, error.Step);
        Assert.True(NonFinite.IsAllFinite(last));
        Assert.Equal(last, Tiny.WeightsOf(student));
    }

    [Fact]
    public void A_teacher_of_another_vocabulary_is_refused()
    {
        LlamaModel teacher = Tiny.Model(1, Tiny.Config with { VocabSize = 12 });

        ArgumentException error = Assert.Throws<ArgumentException>(() => Run(Tiny.Model(2), teacher, new(), Tiny.Options(1)));

        Assert.Contains("the teacher's vocabulary has 12 tokens and the student's 11", error.Message);
    }

    public void Dispose() => _workers.Dispose();

    List<TrainingStep> Run(LlamaModel student, LlamaModel teacher, DistillationLoss loss, TrainingOptions options, Example[]? examples = null)
    {
        List<TrainingStep> steps = [];
        LogitDistillation.Run(student, new LiveTeacher(teacher.Copy(trainable: false), _workers), Tiny.Source(examples ?? Tiny.Examples(16)), loss, options, _workers, step =>
        {
            steps.Add(step);
            return RunDecision.Continue;
        });
        return steps;
    }

    Example[] Written(LlamaModel model, int count, string stream)
    {
        int[][] prompts = [.. Tiny.Examples(count, seed: stream.Length).Select(e => e.Ids[..e.PromptLength])];
        Completion[] completions = new Generator(model, _workers).Generate(prompts, new() { MaxNewTokens = 8 }, i => new Rng(1, stream, i));
        return [.. prompts.Zip(completions, (p, c) => Example.Of(p, c.Ids))];
    }
}
