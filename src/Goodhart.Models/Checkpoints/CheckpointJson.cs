using System.Text.Json.Serialization;

namespace Goodhart.Models.Checkpoints;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    WriteIndented = true,
    NewLine = "\n")]
[JsonSerializable(typeof(GenerationConfig))]
[JsonSerializable(typeof(ModelTypeJson))]
[JsonSerializable(typeof(ShardIndex))]
sealed partial class CheckpointJson : JsonSerializerContext;
