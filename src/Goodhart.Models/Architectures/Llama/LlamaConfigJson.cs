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
    public JsonNode? SlidingWindow { get; set; }
    public JsonNode? QuantizationConfig { get; set; }

    public static LlamaConfigJson From(LlamaConfig config) => new()
    {
        Architectures = ["LlamaForCausalLM"],
        ModelType = "llama",
        TorchDtype = "float32",
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
        TieWordEmbeddings = config.TieWordEmbeddings,
        InitializerRange = config.InitializerRange,
        BosTokenId = config.BosTokenId,
        EosTokenId = config.EosTokenId,
        PadTokenId = config.PadTokenId,
    };

    public LlamaConfig ToConfig()
    {
        LlamaConfig config = new()
        {
            VocabSize = VocabSize,
            HiddenSize = HiddenSize,
            IntermediateSize = IntermediateSize,
            NumHiddenLayers = NumHiddenLayers,
            NumAttentionHeads = NumAttentionHeads,
            MaxPositionEmbeddings = MaxPositionEmbeddings,
            RmsNormEps = RmsNormEps,
            RopeTheta = RopeParameters?.RopeTheta ?? RopeScaling?.RopeTheta ?? RopeTheta,
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

    /// <summary>The settings that would change the maths in a way the model does not know.</summary>
    public IEnumerable<string> Unsupported()
    {
        (string Key, bool IsSupported, object? Got, string Rule)[] settings =
        [
            ("model_type", ModelType == "llama", ModelType, "llama"),
            ("hidden_act", HiddenAct == "silu", HiddenAct, "silu"),
            ("attention_bias", !AttentionBias, "true", "false"),
            ("mlp_bias", !MlpBias, "true", "false"),
            ("pretraining_tp", PretrainingTp == 1, PretrainingTp, "1"),
            ("partial_rotary_factor", PartialRotaryFactor == 1, PartialRotaryFactor, "1"),
            ("rope_scaling", RopeScaling is null or { IsDefault: true }, RopeScaling, "null or of type default"),
            ("rope_parameters", RopeParameters is null or { IsDefault: true }, RopeParameters, "of type default"),
            ("sliding_window", SlidingWindow is null, SlidingWindow?.ToJsonString(), "null"),
            ("quantization_config", QuantizationConfig is null, "a quantized model", "null"),
        ];
        return settings
            .Where(setting => !setting.IsSupported)
            .Select(setting => $"'{setting.Key}' should be {setting.Rule}, got {setting.Got}; nothing else is supported.");
    }

    /// <summary>How positions are turned into rotations; newer files keep rope_theta here.</summary>
    public sealed class RopeJson
    {
        public string? RopeType { get; set; }
        public string? Type { get; set; }
        public float? RopeTheta { get; set; }
        public float PartialRotaryFactor { get; set; } = 1;

        [JsonIgnore]
        public bool IsDefault => (RopeType ?? Type ?? "default") == "default" && PartialRotaryFactor == 1;

        public override string ToString() => $"type {RopeType ?? Type}, partial_rotary_factor {PartialRotaryFactor}";
    }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    WriteIndented = true,
    NewLine = "\n")]
[JsonSerializable(typeof(LlamaConfigJson))]
sealed partial class LlamaJson : JsonSerializerContext;
