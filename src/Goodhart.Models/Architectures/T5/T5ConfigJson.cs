using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Goodhart.Models.Checkpoints;

namespace Goodhart.Models.Architectures.T5;

/// <summary>The keys of a T5's config.json, with Hugging Face's values for those that are absent.</summary>
sealed class T5ConfigJson
{
    public string[]? Architectures { get; set; }
    public required string ModelType { get; set; }
    public string? TorchDtype { get; set; }
    public bool IsEncoderDecoder { get; set; } = true;
    public required int VocabSize { get; set; }
    public required int DModel { get; set; }
    public required int DKv { get; set; }
    public required int DFf { get; set; }
    public required int NumLayers { get; set; }
    public int? NumDecoderLayers { get; set; }
    public required int NumHeads { get; set; }
    public int RelativeAttentionNumBuckets { get; set; } = 32;
    public int RelativeAttentionMaxDistance { get; set; } = 128;
    public float LayerNormEpsilon { get; set; } = 1e-6f;
    public string FeedForwardProj { get; set; } = "relu";
    public bool TieWordEmbeddings { get; set; } = true;
    public int? PadTokenId { get; set; } = 0;

    [JsonConverter(typeof(TokenIdsConverter))]
    public IReadOnlyList<int> EosTokenId { get; set; } = [1];
    public int? DecoderStartTokenId { get; set; }
    public bool? ScaleDecoderOutputs { get; set; }
    public JsonNode? QuantizationConfig { get; set; }

    public static T5ConfigJson From(T5Config config, string dtype) => new()
    {
        Architectures = ["T5ForConditionalGeneration"],
        ModelType = config.ModelType,
        TorchDtype = dtype,
        VocabSize = config.VocabSize,
        DModel = config.DModel,
        DKv = config.DKv,
        DFf = config.DFf,
        NumLayers = config.NumLayers,
        NumDecoderLayers = config.NumDecoderLayers,
        NumHeads = config.NumHeads,
        RelativeAttentionNumBuckets = config.RelativeAttentionNumBuckets,
        RelativeAttentionMaxDistance = config.RelativeAttentionMaxDistance,
        LayerNormEpsilon = config.LayerNormEpsilon,
        FeedForwardProj = config.FeedForwardProj,
        TieWordEmbeddings = config.TieWordEmbeddings,
        PadTokenId = config.PadTokenId,
        EosTokenId = config.EosTokenId,
        DecoderStartTokenId = config.DecoderStartTokenId,
        ScaleDecoderOutputs = config.ScaleDecoderOutputs == config.TieWordEmbeddings ? null : config.ScaleDecoderOutputs,
    };

    public T5Config ToConfig()
    {
        T5Config config = new()
        {
            VocabSize = VocabSize,
            DModel = DModel,
            DKv = DKv,
            DFf = DFf,
            NumLayers = NumLayers,
            NumHeads = NumHeads,
            RelativeAttentionNumBuckets = RelativeAttentionNumBuckets,
            RelativeAttentionMaxDistance = RelativeAttentionMaxDistance,
            LayerNormEpsilon = LayerNormEpsilon,
            FeedForwardProj = FeedForwardProj,
            TieWordEmbeddings = TieWordEmbeddings,
            PadTokenId = PadTokenId,
            EosTokenId = EosTokenId,
            DecoderStartTokenId = DecoderStartTokenId ?? PadTokenId ?? 0,
        };
        if (ScaleDecoderOutputs is bool scaled)
            config = config with { ScaleDecoderOutputs = scaled };
        return NumDecoderLayers is int layers ? config with { NumDecoderLayers = layers } : config;
    }

    /// <summary>The settings that would change the maths in a way the model does not know.</summary>
    public IEnumerable<string> Unsupported()
    {
        (string Key, bool IsSupported, object? Got, string Rule)[] settings =
        [
            ("model_type", ModelType == "t5", ModelType, "t5"),
            ("is_encoder_decoder", IsEncoderDecoder, "false", "true"),
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
[JsonSerializable(typeof(T5ConfigJson))]
sealed partial class T5Json : JsonSerializerContext;
