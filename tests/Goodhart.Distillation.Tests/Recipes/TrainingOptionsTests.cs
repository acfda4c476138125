using Goodhart.Distillation.Recipes;

namespace Goodhart.Distillation.Tests.Recipes;

public sealed class TrainingOptionsTests
{
    [Fact]
    public void The_defaults_have_no_problems() => Assert.Empty(new TrainingOptions { MaxSteps = 1 }.Validate());

    [Fact]
    public void Every_problem_has_its_message() => Assert.Equal(
    [
        "max_steps: should be at least 1, got 0.",
        "per_device_train_batch_size: should be at least 1, got 0.",
        "gradient_accumulation_steps: should be at least 1, got 0.",
        "learning_rate: should be above 0, got 0.",
        "warmup_steps: should be at least 0, got -1.",
        "weight_decay: should be at least 0, got -0.1.",
        "max_grad_norm: should be at least 0, got NaN.",
    ], new TrainingOptions
    {
        MaxSteps = 0,
        PerDeviceTrainBatchSize = 0,
        GradientAccumulationSteps = 0,
        LearningRate = 0,
        WarmupSteps = -1,
        WeightDecay = -0.1,
        MaxGradNorm = double.NaN,
    }.Validate());

    [Fact]
    public void A_run_shorter_than_its_warmup_still_reaches_the_peak() =>
        Assert.Equal(1e-3, new TrainingOptions { MaxSteps = 5, WarmupSteps = 100 }.Schedule.At(5));
}
