using Goodhart.Models.Checkpoints;

namespace Goodhart.Models.Architectures.Llama;

/// <summary>The sizes and constants of a Llama, Mistral, Qwen2 or Qwen3 model, named as in Hugging Face's config.json.</summary>
/// <remarks>They are one decoder: Qwen2 has a bias on queries, keys and values, Qwen3 normalises each head of queries and keys, Mistral attends within a window.</remarks>
public sealed record LlamaConfig : IModelConfig
{
    internal const string SlidingAttention = "sliding_attention", FullAttention = "full_attention";

    internal const int MaxLayers = 1024;

    readonly int? _numKeyValueHeads;
    readonly int? _headDim;

    /// <summary>llama, mistral, qwen2 or qwen3. Default llama.</summary>
    public string ModelType { get; init; } = "llama";

    /// <summary>V: how many token ids there are.</summary>
    public required int VocabSize { get; init; }

    /// <summary>C: the width of the hidden state.</summary>
    public required int HiddenSize { get; init; }

    /// <summary>F: the width inside the feed-forward layers.</summary>
    public required int IntermediateSize { get; init; }

    /// <summary>L: how many layers there are.</summary>
    public required int NumHiddenLayers { get; init; }

    /// <summary>H: how many query heads each layer has.</summary>
    public required int NumAttentionHeads { get; init; }

    /// <summary>K: how many key and value heads each layer has; divides the query heads. Default: as many.</summary>
    public int NumKeyValueHeads
    {
        get => _numKeyValueHeads ?? NumAttentionHeads;
        init => _numKeyValueHeads = value;
    }

    /// <summary>D: the size of a head, even. Default: hidden size over query heads.</summary>
    public int HeadDim
    {
        get => _headDim ?? HiddenSize / NumAttentionHeads;
        init => _headDim = value;
    }

    /// <summary>The longest context, in tokens. Default 2048.</summary>
    public int MaxPositionEmbeddings { get; init; } = 2048;

    /// <summary>What RMS norms add to the mean square. Default 1e-6.</summary>
    public float RmsNormEps { get; init; } = 1e-6f;

    /// <summary>The base of the rotary position frequencies. Default 10000.</summary>
    public float RopeTheta { get; init; } = 10000;

    /// <summary>How the frequencies are slowed for longer contexts; null for not at all. Default null.</summary>
    public RopeScaling? RopeScaling { get; init; }

    /// <summary>Whether queries, keys and values have a bias, and but for Qwen2 the output of attention too. Default false.</summary>
    public bool AttentionBias { get; init; }

    /// <summary>Whether the feed-forward layers have a bias. Default false.</summary>
    public bool MlpBias { get; init; }

    /// <summary>How many keys a query sees, its own among them; null for all before it. Default null.</summary>
    public int? SlidingWindow { get; init; }

    /// <summary>For each layer sliding_attention, which keeps to the window, or full_attention; null where all keep to it. Default null.</summary>
    public IReadOnlyList<string>? LayerTypes { get; init; }

    /// <summary>Whether the output head is the embedding. Default false.</summary>
    public bool TieWordEmbeddings { get; init; }

    /// <summary>The id that begins a text; null where none does. Default 1.</summary>
    public int? BosTokenId { get; init; } = 1;

    /// <summary>The ids that end a text; empty where none does. Default 2.</summary>
    public IReadOnlyList<int> EosTokenId { get; init; } = [2];

    /// <summary>The id that fills up shorter texts of a batch; null where there is none. Default null.</summary>
    public int? PadTokenId { get; init; }

    /// <summary>The standard deviation of a new model's weights. Default 0.02.</summary>
    public float InitializerRange { get; init; } = 0.02f;

    /// <summary>The weights of such a model, by the names and with the shapes of a Hugging Face checkpoint.</summary>
    public IReadOnlyList<(string Name, int[] Shape)> Weights => [.. ListWeights()];

    /// <inheritdoc/>
    public long ParameterCount => Weights.Sum(weight => weight.Shape.Aggregate(1L, (product, size) => product * size));

    bool HasHeadNorm => ModelType == "qwen3";

    bool HasOutputBias => AttentionBias && ModelType != "qwen2";

    /// <summary>Reads and checks a config.json.</summary>
    /// <exception cref="CheckpointException">It is no Llama's, contradicts itself, or asks for maths not supported.</exception>
    public static LlamaConfig Read(string configJsonPath)
    {
        LlamaConfigJson json = LlamaConfigJson.Read(configJsonPath);
        LlamaConfig config = json.ToConfig();
        string[] problems = [.. json.Unsupported(), .. config.Validate()];
        return problems.Length == 0 ? config : throw CheckpointException.Of(configJsonPath, problems);
    }

    /// <inheritdoc/>
    public void Write(string directory, string dtype = "float32") =>
        LlamaConfigJson.From(this, dtype).Write(Path.Combine(directory, IModelConfig.FileName));

    /// <summary>How many keys a query of a layer sees.</summary>
    public int WindowOf(int layer) =>
        SlidingWindow is int window && LayerTypes?[layer] is null or SlidingAttention ? window : int.MaxValue;

    /// <summary>All problems, as "'key' should be ..., got ...".</summary>
    public IReadOnlyList<string> Validate()
    {
        (string Key, int Size)[] sizes =
        [
            ("vocab_size", VocabSize),
            ("hidden_size", HiddenSize),
            ("intermediate_size", IntermediateSize),
            ("num_hidden_layers", NumHiddenLayers),
            ("num_attention_heads", NumAttentionHeads),
            ("num_key_value_heads", NumKeyValueHeads),
            ("max_position_embeddings", MaxPositionEmbeddings),
        ];
        List<string> problems = [.. sizes
            .Where(size => size.Size < 1)
            .Select(size => $"'{size.Key}' should be at least 1, got {size.Size}.")];

        if (problems.Count == 0)
            CheckSizes(problems);

        CheckNumbers(problems);
        CheckAttention(problems);
        return problems;
    }

    void CheckSizes(List<string> problems)
    {
        int heads = NumAttentionHeads;
        if (NumHiddenLayers > MaxLayers)
            problems.Add($"'num_hidden_layers' should be at most {MaxLayers}, got {NumHiddenLayers}.");

        if (_headDim is null && HiddenSize % heads != 0)
            problems.Add($"'num_attention_heads' should divide 'hidden_size' {HiddenSize}, got {heads}; or set 'head_dim'.");
        else if (HeadDim < 2 || HeadDim % 2 != 0)
            problems.Add($"'head_dim' should be even and at least 2, got {HeadDim}.");

        if (heads % NumKeyValueHeads != 0)
            problems.Add($"'num_key_value_heads' should divide 'num_attention_heads' {heads}, got {NumKeyValueHeads}.");

        (string Key, Int128 Rows)[] matrices =
        [
            ("vocab_size", VocabSize),
            ("intermediate_size", IntermediateSize),
            ("num_attention_heads", (Int128)heads * HeadDim),
        ];
        problems.AddRange(matrices
            .Where(matrix => matrix.Rows * HiddenSize > Array.MaxLength)
            .Select(matrix =>
                $"'{matrix.Key}' asks for a matrix of {matrix.Rows} x {HiddenSize}, more than {Array.MaxLength} values."));
    }

    void CheckNumbers(List<string> problems)
    {
        if (RmsNormEps is not (> 0 and < 1))
            problems.Add($"'rms_norm_eps' should be above 0 and below 1, got {RmsNormEps}.");

        if (RopeTheta is not (>= 1 and < float.PositiveInfinity))
            problems.Add($"'rope_theta' should be at least 1, got {RopeTheta}.");

        if (InitializerRange is not (>= 0 and < float.PositiveInfinity))
            problems.Add($"'initializer_range' should be at least 0, got {InitializerRange}.");

        if (BosTokenId is int bos && (bos < 0 || bos >= VocabSize))
            problems.Add($"'bos_token_id' should be below 'vocab_size' {VocabSize}, got {bos}.");
    }

    void CheckAttention(List<string> problems)
    {
        if (SlidingWindow is < 1)
            problems.Add($"'sliding_window' should be null or at least 1, got {SlidingWindow}.");
        if (LayerTypes is { } types && types.Count != NumHiddenLayers)
            problems.Add($"'layer_types' should have one type for each of {NumHiddenLayers} layers, got {types.Count}.");
        if (LayerTypes?.FirstOrDefault(type => type is not (SlidingAttention or FullAttention)) is string other)
            problems.Add($"'layer_types' should hold {FullAttention} and {SlidingAttention}, got {other}; nothing else is supported.");
        if (RopeScaling is not null)
            problems.AddRange(RopeScaling.Validate());
    }

    IEnumerable<(string Name, int[] Shape)> ListWeights()
    {
        int queries = NumAttentionHeads * HeadDim;
        int keys = NumKeyValueHeads * HeadDim;

        yield return ("model.embed_tokens.weight", [VocabSize, HiddenSize]);
        for (int i = 0; i < NumHiddenLayers; i++)
        {
            string layer = $"model.layers.{i}.";
            yield return (layer + "input_layernorm.weight", [HiddenSize]);
            (string Module, int Out, int In, bool HasBias)[] attention =
            [
                ("q_proj", queries, HiddenSize, AttentionBias),
                ("k_proj", keys, HiddenSize, AttentionBias),
                ("v_proj", keys, HiddenSize, AttentionBias),
                ("o_proj", HiddenSize, queries, HasOutputBias),
            ];
            foreach ((string Name, int[] Shape) weight in attention.SelectMany(m => Linear(layer + "self_attn." + m.Module, m.Out, m.In, m.HasBias)))
                yield return weight;
            if (HasHeadNorm)
            {
                yield return (layer + "self_attn.q_norm.weight", [HeadDim]);
                yield return (layer + "self_attn.k_norm.weight", [HeadDim]);
            }

            yield return (layer + "post_attention_layernorm.weight", [HiddenSize]);
            (string Module, int Out, int In)[] feedForward =
            [
                ("gate_proj", IntermediateSize, HiddenSize),
                ("up_proj", IntermediateSize, HiddenSize),
                ("down_proj", HiddenSize, IntermediateSize),
            ];
            foreach ((string Name, int[] Shape) weight in feedForward.SelectMany(m => Linear(layer + "mlp." + m.Module, m.Out, m.In, MlpBias)))
                yield return weight;
        }

        yield return ("model.norm.weight", [HiddenSize]);
        if (!TieWordEmbeddings)
            yield return ("lm_head.weight", [VocabSize, HiddenSize]);
    }

    static IEnumerable<(string Name, int[] Shape)> Linear(string module, int outputs, int inputs, bool hasBias)
    {
        yield return (module + ".weight", [outputs, inputs]);
        if (hasBias)
            yield return (module + ".bias", [outputs]);
    }
}
