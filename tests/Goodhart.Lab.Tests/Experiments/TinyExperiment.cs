using Goodhart.Engine.Randomness;
using Goodhart.Engine.Threading;
using Goodhart.Lab.Configuration;
using Goodhart.Lab.Runs;
using Goodhart.Models;
using Goodhart.Models.Architectures.Llama;
using Goodhart.Tokenizers;
using Goodhart.Tokenizers.Training;

namespace Goodhart.Lab.Experiments;

/// <summary>An experiment that takes a second: a random oracle over bytes, and models of a few thousand weights.</summary>
static class TinyExperiment
{
    static readonly ModelConfig Sizes = new()
    {
        HiddenSize = 8,
        IntermediateSize = 12,
        NumHiddenLayers = 1,
        NumAttentionHeads = 2,
        NumKeyValueHeads = 1,
        Sft = new() { MaxSteps = 5, PerDeviceTrainBatchSize = 8, LearningRate = 1e-2, WarmupSteps = 2 },
    };

    public static ExperimentConfig Config { get; } = new()
    {
        Seed = 1,
        Data = new() { PromptLength = 3, MaxCompletionLength = 5, SftPrompts = 32, DistillationPrompts = 8, HeldOutPrompts = 10, CompletionsPerPrompt = 2 },
        Teacher = Sizes,
        Student = Sizes with { NumAttentionHeads = 1 },
        Distillation = new() { MaxSteps = 8, PerDeviceTrainBatchSize = 4, LearningRate = 1e-2, WarmupSteps = 2 },
        Arms = Arm.Names,
        Evaluation = new() { Points = 3, StudentSamples = 4 },
    };

    /// <summary>The steps at which <see cref="Config"/> measures.</summary>
    public static int[] Evaluations { get; } = [0, 2, 4, 8];

    public static LlamaModel OracleWeights(int vocabSize = 258) => LlamaModel.Initialize(new LlamaConfig
    {
        VocabSize = vocabSize,
        HiddenSize = 8,
        IntermediateSize = 12,
        NumHiddenLayers = 1,
        NumAttentionHeads = 2,
        NumKeyValueHeads = 1,
        MaxPositionEmbeddings = 16,
        BosTokenId = 0,
        EosTokenId = [1],
        InitializerRange = 0.3f,
    }, new Rng(1, "oracle"));

    /// <summary>Writes an oracle with its tokenizer.</summary>
    /// <returns>Its directory.</returns>
    public static string WriteOracle(string directory, LlamaModel? weights = null)
    {
        ModelDirectory.Save(weights ?? OracleWeights(), directory);
        Tokenizer tokenizer = BpeTrainer.Train([], new() { VocabularySize = 258 });
        tokenizer.Save(directory);
        return directory;
    }

    public static RunSummary? Run(ExperimentConfig config, string directory, int threads = 1, Action<LabProgress>? onProgress = null, CancellationToken cancellation = default)
    {
        using Workers workers = new(threads);
        string oracle = WriteOracle(directory + "-oracle");
        return LabExperiment.Run(
            config, oracle, RunFolder.Create(directory, overwrite: false), workers, TimeProvider.System, new Listener(onProgress), cancellation);
    }

    /// <summary>Unlike <see cref="Progress{T}"/> it tells at once.</summary>
    sealed class Listener(Action<LabProgress>? onProgress) : IProgress<LabProgress>
    {
        public void Report(LabProgress value) => onProgress?.Invoke(value);
    }
}
