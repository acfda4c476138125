using Goodhart.Models;
using Goodhart.Models.Architectures.Llama;
using Goodhart.Models.Checkpoints;
using Goodhart.Models.Llama2c;
using Goodhart.Models.Safetensors;

namespace Goodhart.Cli.Benchmarks;

/// <summary>A model for greedy decoding: a llama2.c checkpoint, as its peer reads, or a Hugging Face directory.</summary>
static class BenchedModel
{
    /// <summary>Frozen; its context has to hold the prompt and what the case writes.</summary>
    /// <exception cref="CheckpointException">It is no such model, or it is broken.</exception>
    /// <exception cref="UsageException">Its context is too short.</exception>
    public static ICausalLm Load(string path)
    {
        ICausalLm model = Directory.Exists(path) ? ModelDirectory.Load(path, trainable: false) : Llama2c(path);
        if (model.Config.MaxPositionEmbeddings <= SamplingCase.GreedyTokens)
            throw new UsageException($"--model: {path} should have a context above {SamplingCase.GreedyTokens} tokens, got {model.Config.MaxPositionEmbeddings}. Name another model.");
        return model;
    }

    static ICausalLm Llama2c(string path)
    {
        (LlamaConfig config, IReadOnlyList<NamedTensor> weights) = Llama2cCheckpoint.Read(path);
        return ModelDirectory.Create(config, weights, trainable: false);
    }
}
