using Goodhart.Engine.Autograd;
using Goodhart.Engine.Randomness;
using Goodhart.Engine.Tensors;
using Goodhart.Models.Architectures.Llama;

namespace Goodhart.Models.Tests.Architectures.Llama;

/// <summary>Llama models that are small but not regular: odd widths, grouped heads, weights far from zero.</summary>
static class TinyLlama
{
    public static LlamaConfig Config { get; } = new()
    {
        VocabSize = 11,
        HiddenSize = 7,
        IntermediateSize = 9,
        NumHiddenLayers = 2,
        NumAttentionHeads = 4,
        NumKeyValueHeads = 2,
        HeadDim = 6,
        MaxPositionEmbeddings = 32,
        RmsNormEps = 1e-5f,
        RopeTheta = 100,
        InitializerRange = 0.5f,
    };

    /// <summary>Of every family, with all that sets it apart.</summary>
    public static LlamaConfig OfFamily(string name)
    {
        LlamaConfig family = Config with { ModelType = name.Split('-')[0] };
        return name switch
        {
            "llama-biased" => family with { AttentionBias = true, MlpBias = true },
            "llama-linear" => family with { RopeScaling = new() { RopeType = RopeScaling.Linear, Factor = 3 } },
            "llama-3" => family with { RopeScaling = new() { RopeType = RopeScaling.Llama3, Factor = 8, LowFreqFactor = 1, HighFreqFactor = 4, OriginalMaxPositionEmbeddings = 40 } },
            "mistral" => family with { SlidingWindow = 3 },
            "qwen2" => family with { AttentionBias = true },
            "qwen2-sliding" => family with { AttentionBias = true, SlidingWindow = 2, LayerTypes = ["full_attention", "sliding_attention"] },
            "qwen3" => family with { TieWordEmbeddings = true },
            _ => throw new ArgumentOutOfRangeException(nameof(name)),
        };
    }

    public static TheoryData<string> Families => ["llama-biased", "llama-linear", "llama-3", "mistral", "qwen2", "qwen2-sliding", "qwen3"];

    /// <summary>Large enough that its products are shared among threads.</summary>
    public static LlamaConfig Wide { get; } = Config with
    {
        VocabSize = 300,
        HiddenSize = 64,
        IntermediateSize = 172,
        NumAttentionHeads = 8,
        NumKeyValueHeads = 4,
        HeadDim = 8,
        MaxPositionEmbeddings = 64,
        InitializerRange = 0.1f,
    };

    /// <summary>Random weights, those of the norms too.</summary>
    public static LlamaModel Create(LlamaConfig config, long seed = 1)
    {
        var model = LlamaModel.Initialize(config, new Rng(seed, "weights"));
        Rng rng = new(seed, "norms");
        foreach (Parameter norm in model.Parameters.All.Where(p => !p.IsMatrix))
        {
            foreach (ref float weight in norm.Value.Data)
                weight = (float)((norm.Name.EndsWith(".bias", StringComparison.Ordinal) ? 0 : 1) + 0.3 * rng.NextGaussian());
        }

        return model;
    }

    public static int[] Ids(int count, LlamaConfig config, long seed = 1)
    {
        Rng rng = new(seed, "ids");
        return [.. Enumerable.Range(0, count).Select(_ => rng.NextInt(config.VocabSize))];
    }

    public static float[] Logits(LlamaModel model, Tape tape, TokenBatch batch)
    {
        tape.Reset();
        return model.Logits(tape, model.Hidden(tape, batch)).Data.ToArray();
    }
}
