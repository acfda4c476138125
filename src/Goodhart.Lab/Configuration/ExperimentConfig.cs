using Goodhart.Distillation.Losses;
using Goodhart.Distillation.Recipes;
using Goodhart.Lab.Experiments;

namespace Goodhart.Lab.Configuration;

/// <summary>The controlled experiment: oracle, teacher, student and the arms to compare.</summary>
public sealed record ExperimentConfig : IValidated
{
    /// <summary>Every random stream is derived from it. Default 0.</summary>
    public long Seed { get; init; }

    /// <summary>A model directory with a tokenizer, or null for the oracle that comes with the program. Default null.</summary>
    public string? OracleModelNameOrPath { get; init; }

    /// <summary>Prompts and completions.</summary>
    public ExperimentData Data { get; init; } = new();

    /// <summary>The approximation of the oracle that the student imitates.</summary>
    public ModelConfig Teacher { get; init; } = new()
    {
        HiddenSize = 48,
        IntermediateSize = 128,
        NumHiddenLayers = 4,
        NumAttentionHeads = 6,
        NumKeyValueHeads = 6,
        Sft = new TrainingOptions { MaxSteps = 1000, LearningRate = 2e-3 },
    };

    /// <summary>The model in training.</summary>
    public ModelConfig Student { get; init; } = new()
    {
        HiddenSize = 32,
        IntermediateSize = 88,
        NumHiddenLayers = 3,
        NumAttentionHeads = 4,
        NumKeyValueHeads = 4,
        Sft = new TrainingOptions { MaxSteps = 1100, LearningRate = 2e-3 },
    };

    /// <summary>What distillation minimises.</summary>
    public DistillationLoss Loss { get; init; } = new();

    /// <summary>How distillation is optimised; the same for every arm.</summary>
    public TrainingOptions Distillation { get; init; } = new() { MaxSteps = 1200, LearningRate = 2e-3 };

    /// <summary>What is compared, from the same start on the same prompts for the same number of steps.</summary>
    public IReadOnlyList<string> Arms { get; init; } = ["offline", "online-teacher", "online-student"];

    /// <summary>When and on what distances are measured.</summary>
    public EvaluationConfig Evaluation { get; init; } = new();

    /// <inheritdoc/>
    public IEnumerable<string> Validate()
    {
        if (Arms.Count == 0)
            yield return "arms: should name at least one arm, got none.";
        foreach (string name in Arms.Where(name => Arm.Find(name) is null))
            yield return $"arms: should be among {string.Join(", ", Arm.Names)}, got '{name}'.";
        if (Arms.Distinct().Count() < Arms.Count)
            yield return "arms: should name each arm once.";
        foreach (string problem in Loss.Validate())
            yield return "loss." + problem;
        foreach ((string section, TrainingOptions options) in new[] { ("teacher.sft", Teacher.Sft), ("student.sft", Student.Sft), ("distillation", Distillation) })
        {
            foreach (string problem in options.Validate())
                yield return section + "." + problem;
        }
    }
}

/// <summary>How many prompts, how long, and how many completions.</summary>
public sealed record ExperimentData : IValidated
{
    /// <summary>Tokens of a prompt, the first of them BOS. Default 16.</summary>
    public int PromptLength { get; init; } = 16;

    /// <summary>Tokens of a completion. Default 48.</summary>
    public int MaxCompletionLength { get; init; } = 48;

    /// <summary>Prompts whose oracle completions train teacher and student before distillation. Default 4096.</summary>
    public int SftPrompts { get; init; } = 4096;

    /// <summary>Prompts of distillation. Default 384.</summary>
    public int DistillationPrompts { get; init; } = 384;

    /// <summary>Stored completions of each of them, for offline arms. Default 1.</summary>
    public int CompletionsPerPrompt { get; init; } = 1;

    /// <summary>Prompts on which all distances are measured; none of them is in another split. Default 512.</summary>
    public int HeldOutPrompts { get; init; } = 512;

    /// <inheritdoc/>
    public IEnumerable<string> Validate()
    {
        (string Key, int Value, int Least)[] counts =
        [
            ("prompt_length", PromptLength, 2), ("max_completion_length", MaxCompletionLength, 1), ("sft_prompts", SftPrompts, 1),
            ("distillation_prompts", DistillationPrompts, 1), ("completions_per_prompt", CompletionsPerPrompt, 1), ("held_out_prompts", HeldOutPrompts, 2),
        ];
        return counts.Where(c => c.Value < c.Least).Select(c => $"{c.Key}: should be at least {c.Least}, got {c.Value}.");
    }
}

/// <summary>A model's sizes, named as in config.json, and its fine-tuning on the oracle's completions.</summary>
public sealed record ModelConfig : IValidated
{
    /// <summary>Width.</summary>
    public int HiddenSize { get; init; }

    /// <summary>Width of the feed-forward layer.</summary>
    public int IntermediateSize { get; init; }

    /// <summary>Depth.</summary>
    public int NumHiddenLayers { get; init; }

    /// <summary>Query heads; divides the width.</summary>
    public int NumAttentionHeads { get; init; }

    /// <summary>Key/value heads; divides the query heads.</summary>
    public int NumKeyValueHeads { get; init; }

    /// <summary>Fine-tuning on the oracle's completions: how good the start is.</summary>
    public TrainingOptions Sft { get; init; } = new() { MaxSteps = 1000 };

    /// <inheritdoc/>
    public IEnumerable<string> Validate()
    {
        (string Key, int Value)[] sizes =
        [
            ("hidden_size", HiddenSize), ("intermediate_size", IntermediateSize), ("num_hidden_layers", NumHiddenLayers),
            ("num_attention_heads", NumAttentionHeads), ("num_key_value_heads", NumKeyValueHeads),
        ];
        foreach ((string key, int value) in sizes.Where(s => s.Value < 1))
            yield return $"{key}: should be at least 1, got {value}.";
        if (sizes.Any(s => s.Value < 1))
            yield break;
        if (HiddenSize % NumAttentionHeads != 0 || HiddenSize / NumAttentionHeads % 2 != 0)
            yield return $"num_attention_heads: should divide hidden_size {HiddenSize} into heads of an even size, got {NumAttentionHeads}.";
        if (NumAttentionHeads % NumKeyValueHeads != 0)
            yield return $"num_key_value_heads: should divide num_attention_heads {NumAttentionHeads}, got {NumKeyValueHeads}.";
    }
}

/// <summary>When and on what distances are measured.</summary>
public sealed record EvaluationConfig : IValidated
{
    /// <summary>Evaluations of an arm, spread evenly over the logarithm of the steps; one more before the first step. Default 16.</summary>
    public int Points { get; init; } = 16;

    /// <summary>Held-out prompts to which the student writes at each evaluation, for the reverse divergences. Default 128.</summary>
    public int StudentSamples { get; init; } = 128;

    /// <inheritdoc/>
    public IEnumerable<string> Validate()
    {
        if (Points < 2)
            yield return $"points: should be at least 2, got {Points}.";
        if (StudentSamples < 2)
            yield return $"student_samples: should be at least 2, got {StudentSamples}.";
    }
}
