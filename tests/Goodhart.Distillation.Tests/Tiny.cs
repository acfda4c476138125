using Goodhart.Distillation.Data;
using Goodhart.Distillation.Recipes;
using Goodhart.Engine.Randomness;
using Goodhart.Models;
using Goodhart.Models.Architectures.Llama;

namespace Goodhart.Distillation.Tests;

/// <summary>Models and examples small enough to count by hand.</summary>
static class Tiny
{
    public static LlamaConfig Config { get; } = new()
    {
        VocabSize = 11,
        HiddenSize = 8,
        IntermediateSize = 12,
        NumHiddenLayers = 2,
        NumAttentionHeads = 2,
        NumKeyValueHeads = 1,
        MaxPositionEmbeddings = 32,
        InitializerRange = 0.5f,
    };

    /// <summary>A trainable model of random weights.</summary>
    public static LlamaModel Model(long seed, LlamaConfig? config = null) => LlamaModel.Initialize(config ?? Config, new Rng(seed, "weights"));

    /// <summary>Random ids, 1 to 4 of a prompt and 1 to 7 of a completion. None of them is 0, which fills up batches.</summary>
    public static Example[] Examples(int count, long seed = 1)
    {
        Rng rng = new(seed, "examples");
        return [.. Enumerable.Range(0, count).Select(_ => Example.Of(Ids(1 + rng.NextInt(4)), Ids(1 + rng.NextInt(7))))];

        int[] Ids(int length) => [.. Enumerable.Range(0, length).Select(_ => 1 + rng.NextInt(Config.VocabSize - 1))];
    }

    public static OfflineSource Source(IReadOnlyList<Example> examples, long seed = 1) => new(examples, new Rng(seed, "order"));

    public static TrainingOptions Options(int steps) => new() { MaxSteps = steps, PerDeviceTrainBatchSize = 8, LearningRate = 1e-2, WarmupSteps = 0 };

    public static float[] WeightsOf(ICausalLm model) => model.Parameters.Values.ToArray();
}
