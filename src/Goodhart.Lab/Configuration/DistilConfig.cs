using Goodhart.Distillation.Losses;
using Goodhart.Distillation.Recipes;

namespace Goodhart.Lab.Configuration;

/// <summary>A distillation of one model into another; keys as in Hugging Face's trainers.</summary>
public sealed record DistilConfig : IValidated, IConditional
{
    /// <summary>The student: a Hugging Face directory with its tokenizer.</summary>
    public required string ModelNameOrPath { get; init; }

    /// <summary>The teacher, with the same tokenizer.</summary>
    public required string TeacherModelNameOrPath { get; init; }

    /// <summary>The known truth, where there is one; without it golden is not measured. Default null.</summary>
    public string? OracleModelNameOrPath { get; init; }

    /// <summary>Prompts, with or without completions: JSON lines.</summary>
    public required string DatasetPath { get; init; }

    /// <summary>The run's folder. Default null: runs/distill-n.</summary>
    public string? OutputDir { get; init; }

    /// <summary>Every random stream is derived from it. Default 0.</summary>
    public long Seed { get; init; }

    /// <summary>Which distance is minimised. Default forward_kl.</summary>
    public LossKind Loss { get; init; } = LossKind.ForwardKl;

    /// <summary>Of jsd: 0 is forward KL, 1 reverse KL. Default 0.5.</summary>
    public double Beta { get; init; } = 0.5;

    /// <summary>Divides both logits in the loss, which is multiplied by its square. Default 1.</summary>
    public double LossTemperature { get; init; } = 1;

    /// <summary>Weight of the distance. Default 1.</summary>
    public double Alpha { get; init; } = 1;

    /// <summary>Weight of the cross-entropy that is added. Default 0.</summary>
    public double CeAlpha { get; init; }

    /// <summary>Divides the logits where training completions are written; measurements sample at 1. Default 1.</summary>
    public double SamplingTemperature { get; init; } = 1;

    /// <summary>Most tokens of prompt and completion together. Default 256.</summary>
    public int MaxLength { get; init; } = 256;

    /// <summary>Most tokens that a model writes. Default 64.</summary>
    public int MaxCompletionLength { get; init; } = 64;

    /// <summary>Who writes the completions, and when.</summary>
    public DataConfig Data { get; init; } = new();

    /// <summary>How the student is optimised.</summary>
    [Flattened]
    public TrainingOptions Training { get; init; } = new() { MaxSteps = 1000, PerDeviceTrainBatchSize = 8, LearningRate = 1e-4 };

    /// <summary>When and on what distances are measured.</summary>
    public EvaluationConfig Evaluation { get; init; } = new();

    /// <summary>What is minimised.</summary>
    public DistillationLoss Distance => new() { Kind = Loss, Beta = Beta, LossTemperature = LossTemperature, Alpha = Alpha, CeAlpha = CeAlpha };

    /// <inheritdoc/>
    public IEnumerable<string> Validate()
    {
        if (MaxCompletionLength < 1)
            yield return $"max_completion_length: should be at least 1, got {MaxCompletionLength}.";
        if (MaxLength <= MaxCompletionLength)
            yield return $"max_length: should be above max_completion_length {MaxCompletionLength}, to leave room for a prompt, got {MaxLength}.";
        if (SamplingTemperature is not (> 0 and < double.PositiveInfinity))
            yield return $"sampling_temperature: should be above 0, got {SamplingTemperature}.";
        foreach (string problem in Distance.Validate().Concat(Training.Validate()))
            yield return problem;
    }

    /// <inheritdoc/>
    public IEnumerable<(string Key, string Why)> WithoutEffect()
    {
        if (Loss != LossKind.Jsd)
            yield return ("beta", "loss is not jsd.");
        if (Loss == LossKind.Ce)
        {
            yield return ("loss_temperature", "loss is ce.");
            yield return ("ce_alpha", "loss is ce already, weighted by alpha.");
        }

        if (Data.Source == DataSource.Dataset)
            yield return ("sampling_temperature", "data.source is dataset, so nothing is sampled for training.");
    }
}
