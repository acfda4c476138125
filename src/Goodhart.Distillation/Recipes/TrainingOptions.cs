using Goodhart.Engine.Optimizers;
using Goodhart.Engine.Tensors;
using Goodhart.Engine.Threading;

namespace Goodhart.Distillation.Recipes;

/// <summary>How a student is optimised; names as in Hugging Face's trainers.</summary>
public sealed record TrainingOptions
{
    /// <summary>Optimizer steps.</summary>
    public required int MaxSteps { get; init; }

    /// <summary>Examples that pass through the model at once. Default 32.</summary>
    public int PerDeviceTrainBatchSize { get; init; } = 32;

    /// <summary>Batches a step: memory for one, the gradient of all, each token of them weighing the same. Default 1.</summary>
    public int GradientAccumulationSteps { get; init; } = 1;

    /// <summary>Whether a layer's intermediates are computed again in the backward pass instead of kept: the same numbers in less memory, a third more slowly. Default false.</summary>
    public bool GradientCheckpointing { get; init; }

    /// <summary>Peak learning rate. Default 1e-3.</summary>
    public double LearningRate { get; init; } = 1e-3;

    /// <summary>Its shape over the run. Default constant: decay bends the law that detection rests on.</summary>
    public ScheduleKind LrSchedulerType { get; init; } = ScheduleKind.Constant;

    /// <summary>Steps from 0 to the peak. Default 100.</summary>
    public int WarmupSteps { get; init; } = 100;

    /// <summary>Of matrices. Default 0.</summary>
    public double WeightDecay { get; init; }

    /// <summary>Largest norm of all gradients together; 0 is no limit. Default 1.</summary>
    public double MaxGradNorm { get; init; } = 1;

    /// <summary>The learning rate of each step.</summary>
    public LearningRateSchedule Schedule => new(LrSchedulerType, LearningRate, MaxSteps, Math.Min(WarmupSteps, MaxSteps));

    /// <summary>An optimizer that has taken no step yet.</summary>
    public AdamW Optimizer(ParameterSet parameters, Workers workers) => new(parameters, workers, new AdamWOptions { WeightDecay = (float)WeightDecay });

    /// <summary>All problems, as "name: should be ..., got ...".</summary>
    public IEnumerable<string> Validate()
    {
        if (MaxSteps < 1)
            yield return $"max_steps: should be at least 1, got {MaxSteps}.";
        if (PerDeviceTrainBatchSize < 1)
            yield return $"per_device_train_batch_size: should be at least 1, got {PerDeviceTrainBatchSize}.";
        if (GradientAccumulationSteps < 1)
            yield return $"gradient_accumulation_steps: should be at least 1, got {GradientAccumulationSteps}.";
        if (LearningRate is not (> 0 and < double.PositiveInfinity))
            yield return $"learning_rate: should be above 0, got {LearningRate}.";
        if (WarmupSteps < 0)
            yield return $"warmup_steps: should be at least 0, got {WarmupSteps}.";
        if (WeightDecay is not (>= 0 and < double.PositiveInfinity))
            yield return $"weight_decay: should be at least 0, got {WeightDecay}.";
        if (MaxGradNorm is not (>= 0 and < double.PositiveInfinity))
            yield return $"max_grad_norm: should be at least 0, got {MaxGradNorm}.";
    }
}
