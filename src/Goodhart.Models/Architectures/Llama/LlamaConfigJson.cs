using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Goodhart.Models.Checkpoints;

namespace Goodhart.Models.Architectures.Llama;

/// <summary>The keys of a Llama's config.json, with Hugging Face's values for those that are absent.</summary>
sealed class LlamaConfigJson
{
    public string[]? Architectures { get; set; }
    public required string ModelType { get; set; }
    public string? TorchDtype { get; set; }
    public required int VocabSize { get; set; }
    public required int HiddenSize { get; set; }
    public required int IntermediateSize { get; set; }
    public required int NumHiddenLayers { get; set; }
    public required int NumAttentionHeads { get; set; }
    public int? NumKeyValueHeads { get; set; }
    public int? HeadDim { get; set; }
    public int MaxPositionEmbeddings { get; set; } = 2048;
    public float RmsNormEps { get; set; } = 1e-6f;
    public float RopeTheta { get; set; } = 10000;
    public bool TieWordEmbeddings { get; set; }
    public float InitializerRange { get; set; } = 0.02f;

    // Hugging Face takes an absent id for its default and null for none.
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public int? BosTokenId { get; set; } = 1;

    [JsonConverter(typeof(TokenIdsConverter))]
    public IReadOnlyList<int> EosTokenId { get; set; } = [2];
    public int? PadTokenId { get; set; }

    public string HiddenAct { get; set; } = "silu";
    public bool AttentionBias { get; set; }
    public bool MlpBias { get; set; }
    public int PretrainingTp { get; set; } = 1;
    public float PartialRotaryFactor { get; set; } = 1;
    public RopeJson? RopeScaling { get; set; }
    public RopeJson? RopeParameters { get; set; }
    public int? SlidingWindow { get; set; }
    public bool? UseSlidingWindow { get; set; }
    public int? MaxWindowLayers { get; set; }
    public string[]? LayerTypes { get; set; }
    public JsonNode? QuantizationConfig { get; set; }

    /// <summary>The settings that would change the maths in a way the model does not know.</summary>
    public IEnumerable<string> Unsupported()
    {
        (string Key, bool IsSupported, object? Got, string Rule)[] settings =
        [
            ("hidden_act", HiddenAct is "silu" or "swish", HiddenAct, "silu"),
            ("pretraining_tp", PretrainingTp == 1, PretrainingTp, "1"),
            ("partial_rotary_factor", PartialRotaryFactor == 1, PartialRotaryFactor, "1"),
            ("rope_scaling", RopeScaling is null or { IsKnown: true }, RopeScaling, "null or of type default, linear or llama3"),
            ("rope_parameters", RopeParameters is null or { IsKnown: true }, RopeParameters, "of type default, linear or llama3"),
            ("sliding_window", ModelType != "llama" || SlidingWindow is null, SlidingWindow, "null in a llama"),
            ("quantization_config", QuantizationConfig is null, "a quantized model", "null"),
        ];
        return settings
            .Where(setting => !setting.IsSupported)
            .Select(setting => $"'{setting.Key}' should be {setting.Rule}, got {setting.Got}; nothing else is supported.");
    }

    /// <summary>What Hugging Face takes for keys that are absent, where a family differs from Llama.</summary>
    static JsonObject DefaultsOf(string modelType) => modelType switch
    {
        "mistral" => new() { ["num_key_value_heads"] = 8, ["max_position_embeddings"] = 4096 * 32, ["sliding_window"] = 4096 },
        "qwen2" => new() { ["num_key_value_heads"] = 32, ["max_position_embeddings"] = 32768, ["sliding_window"] = 4096, ["max_window_layers"] = 28, ["bos_token_id"] = null, ["eos_token_id"] = null },
        "qwen3" => new() { ["num_key_value_heads"] = 32, ["head_dim"] = 128, ["max_position_embeddings"] = 32768, ["sliding_window"] = 4096, ["max_window_layers"] = 28, ["bos_token_id"] = null, ["eos_token_id"] = null },
        _ => [],
    };

    /// <summary>Reads the file by the rules of its own model_type.</summary>
    public static LlamaConfigJson Read(string path)
    {
        string type = ModelTypeJson.Read(path);
        return type is "llama" or "mistral" or "qwen2" or "qwen3"
            ? JsonFile.Read(path, LlamaJson.Default.LlamaConfigJson, DefaultsOf(type))
            : throw new CheckpointException($"{path}: 'model_type' should be llama, mistral, qwen2 or qwen3, got {type}; nothing else is supported.");
    }

    public void Write(string path)
    {
        JsonObject json = JsonSerializer.SerializeToNode(this, LlamaJson.Default.LlamaConfigJson)!.AsObject();
        if (ModelType == "mistral" && SlidingWindow is null)
            json["sliding_window"] = null; // Absent, it would be 4096.
        JsonFile.Write(path, json, LlamaJson.Default.JsonObject);
    }

    public static LlamaConfigJson From(LlamaConfig config, string dtype) => new()
    {
        Architectures = [$"{char.ToUpperInvariant(config.ModelType[0])}{config.ModelType[1..]}ForCausalLM"],
        ModelType = config.ModelType,
        TorchDtype = dtype,
        VocabSize = config.VocabSize,
        HiddenSize = config.HiddenSize,
        IntermediateSize = config.IntermediateSize,
        NumHiddenLayers = config.NumHiddenLayers,
        NumAttentionHeads = config.NumAttentionHeads,
        NumKeyValueHeads = config.NumKeyValueHeads,
        HeadDim = config.HeadDim,
        MaxPositionEmbeddings = config.MaxPositionEmbeddings,
        RmsNormEps = config.RmsNormEps,
        RopeTheta = config.RopeTheta,
        RopeScaling = RopeJson.From(config.RopeScaling),
        AttentionBias = config.AttentionBias && config.ModelType != "qwen2",
        MlpBias = config.MlpBias,
        SlidingWindow = config.SlidingWindow,
        UseSlidingWindow = IsQwen(config.ModelType) ? config.SlidingWindow is not null : null,
        LayerTypes = config.LayerTypes?.ToArray(),
        TieWordEmbeddings = config.TieWordEmbeddings,
        InitializerRange = config.InitializerRange,
        BosTokenId = config.BosTokenId,
        EosTokenId = config.EosTokenId,
        PadTokenId = config.PadTokenId,
    };

    public LlamaConfig ToConfig()
    {
        RopeJson? rope = RopeParameters ?? RopeScaling;
        bool slides = SlidingWindow is not null && (!IsQwen(ModelType) || UseSlidingWindow == true);
        LlamaConfig config = new()
        {
            ModelType = ModelType,
            VocabSize = VocabSize,
            HiddenSize = HiddenSize,
            IntermediateSize = IntermediateSize,
            NumHiddenLayers = NumHiddenLayers,
            NumAttentionHeads = NumAttentionHeads,
            MaxPositionEmbeddings = MaxPositionEmbeddings,
            RmsNormEps = RmsNormEps,
            RopeTheta = RopeParameters?.RopeTheta ?? RopeScaling?.RopeTheta ?? RopeTheta,
            RopeScaling = rope?.ToScaling(),
            AttentionBias = ModelType == "qwen2" || (AttentionBias && ModelType != "mistral"),
            MlpBias = MlpBias && ModelType == "llama",
            SlidingWindow = slides ? SlidingWindow : null,
            LayerTypes = slides ? LayerTypes ?? WindowedLayers() : null,
            TieWordEmbeddings = TieWordEmbeddings,
            InitializerRange = InitializerRange,
            BosTokenId = BosTokenId,
            EosTokenId = EosTokenId,
            PadTokenId = PadTokenId,
        };
        if (NumKeyValueHeads is int keyValueHeads)
            config = config with { NumKeyValueHeads = keyValueHeads };

        return HeadDim is int headDim ? config with { HeadDim = headDim } : config;
    }

    static bool IsQwen(string modelType) => modelType.StartsWith("qwen", StringComparison.Ordinal);

    /// <summary>The first max_window_layers layers of a Qwen attend to everything; null where all layers keep to the window.</summary>
    string[]? WindowedLayers() => MaxWindowLayers is not int full || NumHiddenLayers is < 1 or > LlamaConfig.MaxLayers
        ? null
        : [.. Enumerable.Range(0, NumHiddenLayers).Select(i => i >= full ? LlamaConfig.SlidingAttention : LlamaConfig.FullAttention)];
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    WriteIndented = true,
    NewLine = "\n")]
[JsonSerializable(typeof(LlamaConfigJson))]
[JsonSerializable(typeof(JsonObject))]
sealed partial class LlamaJson : JsonSerializerContext;
