using Goodhart.Models.Checkpoints;

namespace Goodhart.Models.Architectures.T5;

/// <summary>The sizes and constants of a T5 model (1.0, 1.1 or Flan), named as in Hugging Face's config.json.</summary>
public sealed record T5Config : IModelConfig
{
    const int MaxLayers = 1024;

    readonly int? _numDecoderLayers;
    readonly bool? _scaleDecoderOutputs;

    /// <inheritdoc/>
    public string ModelType => "t5";

    /// <summary>V: how many token ids there are.</summary>
    public required int VocabSize { get; init; }

    /// <summary>C: the width of the hidden state.</summary>
    public required int DModel { get; init; }

    /// <summary>D: the size of a head.</summary>
    public required int DKv { get; init; }

    /// <summary>F: the width inside the feed-forward layers.</summary>
    public required int DFf { get; init; }

    /// <summary>Layers of the encoder.</summary>
    public required int NumLayers { get; init; }

    /// <summary>Layers of the decoder. Default as many.</summary>
    public int NumDecoderLayers
    {
        get => _numDecoderLayers ?? NumLayers;
        init => _numDecoderLayers = value;
    }

    /// <summary>H: how many heads each layer has.</summary>
    public required int NumHeads { get; init; }

    /// <summary>Rows of the table that maps distances to biases. Default 32.</summary>
    public int RelativeAttentionNumBuckets { get; init; } = 32;

    /// <summary>The distance from which on all share a bucket. Default 128.</summary>
    public int RelativeAttentionMaxDistance { get; init; } = 128;

    /// <summary>What RMS norms add to the mean square. Default 1e-6.</summary>
    public float LayerNormEpsilon { get; init; } = 1e-6f;

    /// <summary>relu, gated-gelu or gated-silu. Default relu.</summary>
    public string FeedForwardProj { get; init; } = "relu";

    /// <summary>Whether the output head is the embedding. Default true.</summary>
    public bool TieWordEmbeddings { get; init; } = true;

    /// <summary>Whether hidden states are scaled by 1 / sqrt(C) before the head. Default where the head is the embedding.</summary>
    public bool ScaleDecoderOutputs
    {
        get => _scaleDecoderOutputs ?? TieWordEmbeddings;
        init => _scaleDecoderOutputs = value;
    }

    /// <inheritdoc/>
    public int? PadTokenId { get; init; } = 0;

    /// <inheritdoc/>
    public IReadOnlyList<int> EosTokenId { get; init; } = [1];

    /// <summary>The id that the decoder begins with. Default 0.</summary>
    public int DecoderStartTokenId { get; init; }

    /// <inheritdoc/>
    public int? BosTokenId => null;

    /// <inheritdoc/>
    public int HiddenSize => DModel;

    /// <summary>Layers of the decoder.</summary>
    public int NumHiddenLayers => NumDecoderLayers;

    /// <summary>Distances have no end, and so neither has a context.</summary>
    public int MaxPositionEmbeddings => int.MaxValue;

    /// <summary>Whether one half of the feed-forward layer gates the other.</summary>
    public bool IsGated => FeedForwardProj.StartsWith("gated-", StringComparison.Ordinal);

    /// <inheritdoc/>
    public IReadOnlyList<(string Name, int[] Shape)> Weights => [.. ListWeights()];

    /// <inheritdoc/>
    public long ParameterCount => Weights.Sum(weight => weight.Shape.Aggregate(1L, (product, size) => product * size));

    /// <inheritdoc/>
    public IReadOnlyList<string> StoredNames(string name) =>
        name == "shared.weight" ? [name, "encoder.embed_tokens.weight", "decoder.embed_tokens.weight"] : [name];

    /// <summary>Reads and checks a config.json.</summary>
    /// <exception cref="CheckpointException">It is no T5's, contradicts itself, or asks for maths not supported.</exception>
    public static T5Config Read(string configJsonPath)
    {
        T5ConfigJson json = JsonFile.Read(configJsonPath, T5Json.Default.T5ConfigJson);
        T5Config config = json.ToConfig();
        string[] problems = [.. json.Unsupported(), .. config.Validate()];
        return problems.Length == 0 ? config : throw CheckpointException.Of(configJsonPath, problems);
    }

    /// <inheritdoc/>
    public void Write(string directory, string dtype = "float32") =>
        JsonFile.Write(Path.Combine(directory, IModelConfig.FileName), T5ConfigJson.From(this, dtype), T5Json.Default.T5ConfigJson);

    /// <inheritdoc/>
    public IReadOnlyList<string> Validate()
    {
        (string Key, int Size)[] sizes =
        [
            ("vocab_size", VocabSize), ("d_model", DModel), ("d_kv", DKv), ("d_ff", DFf),
            ("num_layers", NumLayers), ("num_decoder_layers", NumDecoderLayers), ("num_heads", NumHeads),
        ];
        List<string> problems = [.. sizes.Where(size => size.Size < 1).Select(size => $"'{size.Key}' should be at least 1, got {size.Size}.")];
        problems.AddRange(((string Key, int Layers)[])[("num_layers", NumLayers), ("num_decoder_layers", NumDecoderLayers)] is var layers
            ? layers.Where(l => l.Layers > MaxLayers).Select(l => $"'{l.Key}' should be at most {MaxLayers}, got {l.Layers}.")
            : []);
        problems.AddRange(new (string Key, Int128 Rows)[] { ("vocab_size", VocabSize), ("d_ff", DFf), ("num_heads", (Int128)NumHeads * DKv) }
            .Where(matrix => matrix.Rows * DModel > Array.MaxLength)
            .Select(matrix => $"'{matrix.Key}' asks for a matrix of {matrix.Rows} x {DModel}, more than {Array.MaxLength} values."));
        if ((long)NumHeads * RelativeAttentionNumBuckets > Array.MaxLength)
            problems.Add($"'num_heads' asks for a table of {RelativeAttentionNumBuckets} x {NumHeads}, more than {Array.MaxLength} values.");
        if (RelativeAttentionNumBuckets is < 4 or > 1 << 16)
            problems.Add($"'relative_attention_num_buckets' should be from 4 to {1 << 16}, got {RelativeAttentionNumBuckets}.");
        if (RelativeAttentionMaxDistance <= RelativeAttentionNumBuckets / 2)
            problems.Add($"'relative_attention_max_distance' should be above half of 'relative_attention_num_buckets' {RelativeAttentionNumBuckets}, got {RelativeAttentionMaxDistance}.");
        if (FeedForwardProj is not ("relu" or "gated-gelu" or "gated-silu"))
            problems.Add($"'feed_forward_proj' should be relu, gated-gelu or gated-silu, got {FeedForwardProj}; nothing else is supported.");
        if (LayerNormEpsilon is not (> 0 and < 1))
            problems.Add($"'layer_norm_epsilon' should be above 0 and below 1, got {LayerNormEpsilon}.");
        if (DecoderStartTokenId < 0 || DecoderStartTokenId >= VocabSize)
            problems.Add($"'decoder_start_token_id' should be below 'vocab_size' {VocabSize}, got {DecoderStartTokenId}.");
        return problems;
    }

    IEnumerable<(string Name, int[] Shape)> ListWeights()
    {
        yield return ("shared.weight", [VocabSize, DModel]);
        foreach ((string stack, int layers, bool isDecoder) in ((string, int, bool)[])[("encoder", NumLayers, false), ("decoder", NumDecoderLayers, true)])
        {
            for (int i = 0; i < layers; i++)
            {
                foreach ((string Name, int[] Shape) weight in ListLayer($"{stack}.block.{i}.layer.", i == 0, isDecoder))
                    yield return weight;
            }

            yield return ($"{stack}.final_layer_norm.weight", [DModel]);
        }

        if (!TieWordEmbeddings)
            yield return ("lm_head.weight", [VocabSize, DModel]);
    }

    IEnumerable<(string Name, int[] Shape)> ListLayer(string layer, bool isFirst, bool isDecoder)
    {
        int part = 0, inner = NumHeads * DKv;
        foreach (string attention in isDecoder ? ["SelfAttention", "EncDecAttention"] : (string[])["SelfAttention"])
        {
            foreach (string projection in (string[])["q", "k", "v"])
                yield return ($"{layer}{part}.{attention}.{projection}.weight", [inner, DModel]);
            yield return ($"{layer}{part}.{attention}.o.weight", [DModel, inner]);
            if (isFirst && part == 0)
                yield return ($"{layer}{part}.{attention}.relative_attention_bias.weight", [RelativeAttentionNumBuckets, NumHeads]);
            yield return ($"{layer}{part++}.layer_norm.weight", [DModel]);
        }

        foreach (string inward in IsGated ? ["wi_0", "wi_1"] : (string[])["wi"])
            yield return ($"{layer}{part}.DenseReluDense.{inward}.weight", [DFf, DModel]);
        yield return ($"{layer}{part}.DenseReluDense.wo.weight", [DModel, DFf]);
        yield return ($"{layer}{part}.layer_norm.weight", [DModel]);
    }
}
