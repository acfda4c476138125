using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Goodhart.Models.Checkpoints;

namespace Goodhart.Models.Architectures.Gpt2;

/// <summary>The keys of a GPT-2's config.json, with Hugging Face's values for those that are absent.</summary>
sealed class Gpt2ConfigJson
{
    const int EndOfText = 50256;

    public string[]? Architectures { get; set; }
    public string ModelType { get; set; } = "gpt2";
    public string? TorchDtype { get; set; }
    public int? VocabSize { get; set; }

    /// <summary>What the oldest files call vocab_size.</summary>
    public int? Vocab { get; set; }
    public required int NEmbd { get; set; }
    public required int NLayer { get; set; }
    public required int NHead { get; set; }
    public int? NPositions { get; set; }

    /// <summary>What the oldest files call n_positions.</summary>
    public int? NCtx { get; set; }
    public int? NInner { get; set; }
    public string ActivationFunction { get; set; } = "gelu_new";
    public float LayerNormEpsilon { get; set; } = 1e-5f;
    public bool TieWordEmbeddings { get; set; } = true;
    public float InitializerRange { get; set; } = 0.02f;

    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public int? BosTokenId { get; set; } = EndOfText;

    [JsonConverter(typeof(TokenIdsConverter))]
    public IReadOnlyList<int> EosTokenId { get; set; } = [EndOfText];
    public int? PadTokenId { get; set; }

    public bool ScaleAttnWeights { get; set; } = true;
    public bool ScaleAttnByInverseLayerIdx { get; set; }
    public bool AddCrossAttention { get; set; }
    public JsonNode? QuantizationConfig { get; set; }

    public static Gpt2ConfigJson From(Gpt2Config config, string dtype) => new()
    {
        Architectures = ["GPT2LMHeadModel"],
        TorchDtype = dtype,
        VocabSize = config.VocabSize,
        NEmbd = config.NEmbd,
        NLayer = config.NLayer,
        NHead = config.NHead,
        NPositions = config.NPositions,
        NInner = config.NInner,
        ActivationFunction = config.ActivationFunction,
        LayerNormEpsilon = config.LayerNormEpsilon,
        TieWordEmbeddings = config.TieWordEmbeddings,
        InitializerRange = config.InitializerRange,
        BosTokenId = config.BosTokenId,
        EosTokenId = config.EosTokenId,
        PadTokenId = config.PadTokenId,
    };

    public Gpt2Config ToConfig(string path)
    {
        int vocabulary = VocabSize ?? Vocab ?? throw new CheckpointException($"{path}: 'vocab_size' is missing. Add it, or export the model again.");
        Gpt2Config config = new()
        {
            VocabSize = vocabulary,
            NEmbd = NEmbd,
            NLayer = NLayer,
            NHead = NHead,
            NPositions = NPositions ?? NCtx ?? 1024,
            ActivationFunction = ActivationFunction,
            LayerNormEpsilon = LayerNormEpsilon,
            TieWordEmbeddings = TieWordEmbeddings,
            InitializerRange = InitializerRange,
            BosTokenId = BosTokenId == EndOfText && vocabulary <= EndOfText ? null : BosTokenId, // A smaller vocabulary has no such default.
            EosTokenId = [.. EosTokenId.Where(id => id != EndOfText || vocabulary > EndOfText)],
            PadTokenId = PadTokenId,
        };
        return NInner is int inner ? config with { NInner = inner } : config;
    }

    /// <summary>The settings that would change the maths in a way the model does not know.</summary>
    public IEnumerable<string> Unsupported()
    {
        (string Key, bool IsSupported, object Got, string Rule)[] settings =
        [
            ("model_type", ModelType == "gpt2", ModelType, "gpt2"),
            ("scale_attn_weights", ScaleAttnWeights, "false", "true"),
            ("scale_attn_by_inverse_layer_idx", !ScaleAttnByInverseLayerIdx, "true", "false"),
            ("add_cross_attention", !AddCrossAttention, "true", "false"),
            ("quantization_config", QuantizationConfig is null, "a quantized model", "null"),
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
[JsonSerializable(typeof(Gpt2ConfigJson))]
sealed partial class Gpt2Json : JsonSerializerContext;
