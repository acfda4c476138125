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
                weight = (float)(1 + 0.3 * rng.NextGaussian());
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
