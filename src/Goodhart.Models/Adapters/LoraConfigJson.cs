using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Goodhart.Models.Checkpoints;

namespace Goodhart.Models.Adapters;

/// <summary>The keys of PEFT's adapter_config.json, with PEFT's values for those that are absent.</summary>
sealed class LoraConfigJson
{
    public string PeftType { get; set; } = "LORA";
    public string? TaskType { get; set; }
    public string? BaseModelNameOrPath { get; set; }
    public int R { get; set; } = 8;
    public float LoraAlpha { get; set; } = 8;
    public float LoraDropout { get; set; }
    public bool UseRslora { get; set; }
    public bool UseDora { get; set; }
    public string Bias { get; set; } = "none";
    public bool FanInFanOut { get; set; }
    public bool InferenceMode { get; set; } = true;
    public JsonElement TargetModules { get; set; }
    public Dictionary<string, int>? RankPattern { get; set; }
    public Dictionary<string, float>? AlphaPattern { get; set; }
    public JsonNode? ModulesToSave { get; set; }
    public bool LoraBias { get; set; }

    public static LoraConfigJson From(LoraConfig config) => new()
    {
        TaskType = config.TaskType,
        BaseModelNameOrPath = config.BaseModelNameOrPath,
        R = config.R,
        LoraAlpha = config.LoraAlpha,
        UseRslora = config.UseRslora,
        TargetModules = config.TargetPattern is string pattern
            ? JsonSerializer.SerializeToElement(pattern, LoraJson.Default.String)
            : JsonSerializer.SerializeToElement(config.TargetModules.ToArray(), LoraJson.Default.StringArray),
        RankPattern = new(config.RankPattern),
        AlphaPattern = new(config.AlphaPattern),
    };

    public LoraConfig ToConfig(string path)
    {
        bool isList = TargetModules.ValueKind == JsonValueKind.Array && TargetModules.EnumerateArray().All(name => name.ValueKind == JsonValueKind.String);
        if (!isList && TargetModules.ValueKind != JsonValueKind.String)
            throw new CheckpointException($"{path}: 'target_modules' should be a list of names or an expression, got {(TargetModules.ValueKind == JsonValueKind.Undefined ? "nothing" : TargetModules.GetRawText())}.");

        string? text = isList ? null : TargetModules.GetString();
        return new LoraConfig
        {
            R = R,
            LoraAlpha = LoraAlpha,
            UseRslora = UseRslora,
            TargetModules = isList ? [.. TargetModules.EnumerateArray().Select(name => name.GetString()!)] : text == "all-linear" ? [text] : [],
            TargetPattern = text == "all-linear" ? null : text,
            RankPattern = RankPattern ?? [],
            AlphaPattern = AlphaPattern ?? [],
            TaskType = TaskType,
            BaseModelNameOrPath = BaseModelNameOrPath,
        };
    }

    /// <summary>The settings that would change the maths in a way the adapter does not know. Dropout matters in training only, and is not applied.</summary>
    public IEnumerable<string> Unsupported()
    {
        (string Key, bool IsSupported, object Got, string Rule)[] settings =
        [
            ("peft_type", PeftType == "LORA", PeftType, "LORA"),
            ("bias", Bias == "none", Bias, "none"),
            ("lora_bias", !LoraBias, "true", "false"),
            ("use_dora", !UseDora, "true", "false"),
            ("modules_to_save", ModulesToSave is null or JsonArray { Count: 0 }, "modules", "null"),
        ];
        return settings
            .Where(setting => !setting.IsSupported)
            .Select(setting => $"'{setting.Key}' should be {setting.Rule}, got {setting.Got}; nothing else is supported.");
    }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    WriteIndented = true,
    NewLine = "\n")]
[JsonSerializable(typeof(LoraConfigJson))]
[JsonSerializable(typeof(string[]))]
sealed partial class LoraJson : JsonSerializerContext;
