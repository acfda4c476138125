using Goodhart.Models.Architectures.Llama;
using Goodhart.Models.Checkpoints;

namespace Goodhart.Models.Gguf;

/// <summary>A model's sizes and constants from GGUF metadata; every key that would change the maths is looked at.</summary>
sealed class GgufConfig
{
    readonly GgufFile _file;

    public GgufConfig(GgufFile file)
    {
        _file = file;
        Architecture = Find("general.architecture") as string ?? throw Bad("general.architecture", "a name", Find("general.architecture"));
        if (Architecture is not ("llama" or "qwen2" or "qwen3"))
            throw Bad("general.architecture", "llama, qwen2 or qwen3", Architecture);
    }

    public string Architecture { get; }

    public LlamaConfig ToConfig()
    {
        int heads = Whole("attention.head_count"), width = Whole("embedding_length");
        int keyLength = Whole("attention.key_length", heads > 0 ? width / heads : 0);
        foreach (string key in (string[])["attention.value_length", "rope.dimension_count"])
            Require(key, Whole(key, keyLength), keyLength);
        Require("expert_count", Whole("expert_count", 0), 0);
        if (_file.Tensors.ContainsKey(GgufNames.RopeFactors))
            throw new CheckpointException($"{_file.Path}: '{GgufNames.RopeFactors}' scales rotary frequencies one by one, which is not supported in this format. Use the model's Hugging Face directory.");

        int window = Whole("attention.sliding_window", 0);
        LlamaConfig config = new()
        {
            ModelType = Architecture == "llama" && window > 0 ? "mistral" : Architecture,
            VocabSize = _file.Tensors.TryGetValue("token_embd.weight", out GgufTensor? embedding) && embedding.Shape.Count == 2
                ? embedding.Shape[0]
                : throw new CheckpointException($"{_file.Path}: has no matrix 'token_embd.weight'. Convert it again."),
            HiddenSize = width,
            IntermediateSize = Whole("feed_forward_length"),
            NumHiddenLayers = Whole("block_count"),
            NumAttentionHeads = heads,
            NumKeyValueHeads = Whole("attention.head_count_kv", heads),
            HeadDim = keyLength,
            MaxPositionEmbeddings = Whole("context_length"),
            RmsNormEps = (float)Number("attention.layer_norm_rms_epsilon", null),
            RopeTheta = (float)Number("rope.freq_base", 10000),
            RopeScaling = Scaling(),
            AttentionBias = Architecture == "qwen2" || _file.Tensors.ContainsKey("blk.0.attn_q.bias"),
            SlidingWindow = window > 0 ? window : null,
            TieWordEmbeddings = !_file.Tensors.ContainsKey("output.weight"),
            BosTokenId = Id("tokenizer.ggml.bos_token_id"),
            EosTokenId = Id("tokenizer.ggml.eos_token_id") is int eos ? [eos] : [],
            PadTokenId = Id("tokenizer.ggml.padding_token_id"),
        };
        IReadOnlyList<string> problems = config.Validate();
        return problems.Count == 0 ? config : throw CheckpointException.Of(_file.Path, problems);
    }

    RopeScaling? Scaling()
    {
        string key = Architecture + ".rope.scaling.type";
        return Find(key) switch
        {
            null or "none" => null,
            "linear" => new RopeScaling { RopeType = RopeScaling.Linear, Factor = (float)Number("rope.scaling.factor", null) },
            object other => throw Bad(key, "none or linear", other),
        };
    }

    void Require(string key, int got, int only)
    {
        if (got != only)
            throw Bad($"{Architecture}.{key}", only.ToString(System.Globalization.CultureInfo.InvariantCulture), got);
    }

    int Whole(string key, int? otherwise = null) => Find($"{Architecture}.{key}") switch
    {
        long value and >= 0 and <= int.MaxValue => (int)value,
        null when otherwise is int value => value,
        var other => throw Bad($"{Architecture}.{key}", "a whole number", other),
    };

    double Number(string key, double? otherwise) => Find($"{Architecture}.{key}") switch
    {
        double value => value,
        null when otherwise is double value => value,
        var other => throw Bad($"{Architecture}.{key}", "a number", other),
    };

    int? Id(string key) => Find(key) switch
    {
        null => null,
        long id and >= 0 and <= int.MaxValue => (int)id,
        object other => throw Bad(key, "a token id", other),
    };

    object? Find(string key) => _file.Metadata.GetValueOrDefault(key);

    CheckpointException Bad(string key, string rule, object? got) =>
        new($"{_file.Path}: '{key}' should be {rule}, got {got switch { null => "nothing", object[] => "a list", _ => got }}; nothing else is supported.");
}
