using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Goodhart.Distillation.Data;

namespace Goodhart.Distillation.Checkpoints;

/// <summary><c>trainer_state.json</c>: how far a training run has come, under the names of Hugging Face's trainers.</summary>
public sealed record TrainerState
{
    /// <summary>The file's name in a checkpoint.</summary>
    public const string FileName = "trainer_state.json";

    /// <summary>Optimizer steps taken.</summary>
    public int GlobalStep { get; init; }

    /// <summary>Optimizer steps of the whole run.</summary>
    public int MaxSteps { get; init; }

    /// <summary>Completion tokens trained on.</summary>
    public long NumInputTokensSeen { get; init; }

    /// <summary>The step of the best checkpoint; null before the first.</summary>
    public int? BestGlobalStep { get; init; }

    /// <summary>Its metric.</summary>
    public double? BestMetric { get; init; }

    /// <summary>Its folder, beside this checkpoint's.</summary>
    public string? BestModelCheckpoint { get; init; }

    /// <summary>What was logged, the oldest first; each line says its step.</summary>
    public IReadOnlyList<JsonObject> LogHistory { get; init; } = [];
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    RespectNullableAnnotations = true,
    IgnoreReadOnlyProperties = true,
    WriteIndented = true,
    NewLine = "\n")]
[JsonSerializable(typeof(TrainerState))]
sealed partial class TrainerStateJson : JsonSerializerContext;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    RespectNullableAnnotations = true,
    IgnoreReadOnlyProperties = true)]
[JsonSerializable(typeof(SourceState))]
sealed partial class SourceStateJson : JsonSerializerContext;
