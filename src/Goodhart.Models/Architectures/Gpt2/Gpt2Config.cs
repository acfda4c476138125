using Goodhart.Models.Checkpoints;

namespace Goodhart.Models.Architectures.Gpt2;

/// <summary>The sizes and constants of a GPT-2 model, named as in Hugging Face's config.json.</summary>
public sealed record Gpt2Config : IModelConfig
{
    const int MaxLayers = 1024;

    readonly int? _nInner;

    /// <inheritdoc/>
    public string ModelType => "gpt2";

    /// <summary>V: how many token ids there are.</summary>
    public required int VocabSize { get; init; }

    /// <summary>C: the width of the hidden state.</summary>
    public required int NEmbd { get; init; }

    /// <summary>L: how many layers there are.</summary>
    public required int NLayer { get; init; }

    /// <summary>H: how many heads each layer has; divides the width.</summary>
    public required int NHead { get; init; }

    /// <summary>The longest context, in tokens. Default 1024.</summary>
    public int NPositions { get; init; } = 1024;

    /// <summary>F: the width inside the feed-forward layers. Default four times the hidden state's.</summary>
    public int NInner
    {
        get => _nInner ?? (NEmbd > int.MaxValue / 4 ? int.MaxValue : 4 * NEmbd);
        init => _nInner = value;
    }

    /// <summary>gelu_new (also called gelu_pytorch_tanh) or relu. Default gelu_new.</summary>
    public string ActivationFunction { get; init; } = "gelu_new";

    /// <summary>What layer norms add to the variance. Default 1e-5.</summary>
    public float LayerNormEpsilon { get; init; } = 1e-5f;

    /// <summary>Whether the output head is the embedding. Default true.</summary>
    public bool TieWordEmbeddings { get; init; } = true;

    /// <inheritdoc/>
    public int? BosTokenId { get; init; }

    /// <inheritdoc/>
    public IReadOnlyList<int> EosTokenId { get; init; } = [];

    /// <inheritdoc/>
    public int? PadTokenId { get; init; }

    /// <summary>The standard deviation of a new model's weights. Default 0.02.</summary>
    public float InitializerRange { get; init; } = 0.02f;

    /// <inheritdoc/>
    public int HiddenSize => NEmbd;

    /// <inheritdoc/>
    public int NumHiddenLayers => NLayer;

    /// <inheritdoc/>
    public int MaxPositionEmbeddings => NPositions;

    /// <inheritdoc/>
    public IReadOnlyList<(string Name, int[] Shape)> Weights => [.. ListWeights()];

    /// <inheritdoc/>
    public long ParameterCount => Weights.Sum(weight => weight.Shape.Aggregate(1L, (product, size) => product * size));

    /// <inheritdoc/>
    public bool IsStoredTransposed(string name) => name.EndsWith(".weight", StringComparison.Ordinal)
        && (name.Contains(".c_attn.", StringComparison.Ordinal) || name.Contains(".c_proj.", StringComparison.Ordinal) || name.Contains(".c_fc.", StringComparison.Ordinal));

    /// <inheritdoc/>
    public IReadOnlyList<string> StoredNames(string name) => [name, name.Replace("transformer.", "", StringComparison.Ordinal)];

    /// <summary>Reads and checks a config.json.</summary>
    /// <exception cref="CheckpointException">It is no GPT-2's, contradicts itself, or asks for maths not supported.</exception>
    public static Gpt2Config Read(string configJsonPath)
    {
        Gpt2ConfigJson json = JsonFile.Read(configJsonPath, Gpt2Json.Default.Gpt2ConfigJson);
        Gpt2Config config = json.ToConfig(configJsonPath);
        string[] problems = [.. json.Unsupported(), .. config.Validate()];
        return problems.Length == 0 ? config : throw CheckpointException.Of(configJsonPath, problems);
    }

    /// <inheritdoc/>
    public void Write(string directory, string dtype = "float32") =>
        JsonFile.Write(Path.Combine(directory, IModelConfig.FileName), Gpt2ConfigJson.From(this, dtype), Gpt2Json.Default.Gpt2ConfigJson);

    /// <inheritdoc/>
    public IReadOnlyList<string> Validate()
    {
        (string Key, int Size)[] sizes =
        [
            ("vocab_size", VocabSize), ("n_embd", NEmbd), ("n_layer", NLayer), ("n_head", NHead), ("n_positions", NPositions), ("n_inner", NInner),
        ];
        List<string> problems = [.. sizes.Where(size => size.Size < 1).Select(size => $"'{size.Key}' should be at least 1, got {size.Size}.")];
        if (NLayer > MaxLayers)
            problems.Add($"'n_layer' should be at most {MaxLayers}, got {NLayer}.");
        if (NHead > 0 && NEmbd % NHead != 0)
            problems.Add($"'n_head' should divide 'n_embd' {NEmbd}, got {NHead}.");
        problems.AddRange(new (string Key, Int128 Rows)[] { ("vocab_size", VocabSize), ("n_positions", NPositions), ("n_inner", NInner), ("n_embd", 3L * NEmbd) }
            .Where(matrix => matrix.Rows * NEmbd > Array.MaxLength)
            .Select(matrix => $"'{matrix.Key}' asks for a matrix of {matrix.Rows} x {NEmbd}, more than {Array.MaxLength} values."));
        if (ActivationFunction is not ("gelu_new" or "gelu_pytorch_tanh" or "relu"))
            problems.Add($"'activation_function' should be gelu_new, gelu_pytorch_tanh or relu, got {ActivationFunction}; nothing else is supported.");
        if (LayerNormEpsilon is not (> 0 and < 1))
            problems.Add($"'layer_norm_epsilon' should be above 0 and below 1, got {LayerNormEpsilon}.");
        if (InitializerRange is not (>= 0 and < float.PositiveInfinity))
            problems.Add($"'initializer_range' should be at least 0, got {InitializerRange}.");
        if (BosTokenId is int bos && (bos < 0 || bos >= VocabSize))
            problems.Add($"'bos_token_id' should be below 'vocab_size' {VocabSize}, got {bos}.");
        return problems;
    }

    IEnumerable<(string Name, int[] Shape)> ListWeights()
    {
        yield return ("transformer.wte.weight", [VocabSize, NEmbd]);
        yield return ("transformer.wpe.weight", [NPositions, NEmbd]);
        for (int i = 0; i < NLayer; i++)
        {
            (string Module, int[] Shape)[] modules =
            [
                ("ln_1", [NEmbd]),
                ("attn.c_attn", [3 * NEmbd, NEmbd]),
                ("attn.c_proj", [NEmbd, NEmbd]),
                ("ln_2", [NEmbd]),
                ("mlp.c_fc", [NInner, NEmbd]),
                ("mlp.c_proj", [NEmbd, NInner]),
            ];
            foreach ((string module, int[] shape) in modules)
            {
                yield return ($"transformer.h.{i}.{module}.weight", shape);
                yield return ($"transformer.h.{i}.{module}.bias", [shape[0]]);
            }
        }

        yield return ("transformer.ln_f.weight", [NEmbd]);
        yield return ("transformer.ln_f.bias", [NEmbd]);
        if (!TieWordEmbeddings)
            yield return ("lm_head.weight", [VocabSize, NEmbd]);
    }
}
