using Goodhart.Engine.Tensors;
using Goodhart.Models.Architectures.Gpt2;
using Goodhart.Models.Architectures.Llama;
using Goodhart.Models.Architectures.T5;
using Goodhart.Models.Checkpoints;
using Goodhart.Models.Safetensors;

namespace Goodhart.Models;

/// <summary>Models as Hugging Face directories, in and out, whatever their architecture.</summary>
public static class ModelDirectory
{
    /// <summary>Reads and checks a directory's config.json.</summary>
    /// <exception cref="CheckpointException">It is broken, contradicts itself, or asks for maths not supported.</exception>
    public static IModelConfig ReadConfig(string directory)
    {
        string path = Path.Combine(directory, IModelConfig.FileName);
        return ModelTypeJson.Read(path) switch
        {
            "llama" or "mistral" or "qwen2" or "qwen3" => LlamaConfig.Read(path),
            "gpt2" => Gpt2Config.Read(path),
            "t5" => T5Config.Read(path),
            string other => throw new CheckpointException(
                $"{path}: 'model_type' should be llama, mistral, qwen2, qwen3, gpt2 or t5, got {other}; nothing else is supported."),
        };
    }

    /// <summary>Reads config.json and the weights, sharded or not; F16 and BF16 are widened.</summary>
    /// <param name="directory">Where the model is.</param>
    /// <param name="trainable">Whether it has gradients. The F32 weights of a frozen model are not read but mapped.</param>
    /// <exception cref="CheckpointException">A file is missing, broken, or contradicts config.json.</exception>
    public static ICausalLm Load(string directory, bool trainable)
    {
        IModelConfig config = ReadConfig(directory);
        if (config is T5Config)
            throw new CheckpointException($"{directory}: a T5 writes from a source and is no causal language model. Load it with T5Model.Load.");
        return Create(config, WeightSet.Read(directory, config, trainable));
    }

    /// <summary>A model of weights that another format held.</summary>
    /// <param name="config">Sizes and constants.</param>
    /// <param name="weights">All that the config lists.</param>
    /// <param name="trainable">Whether it has gradients.</param>
    public static ICausalLm Create(IModelConfig config, IReadOnlyList<NamedTensor> weights, bool trainable)
    {
        ParameterSet own = new(config.Weights, trainable);
        foreach (NamedTensor weight in weights)
            weight.Values.Span.CopyTo(own[weight.Name].Data);
        return Create(config, own);
    }

    /// <summary>Writes config.json, generation_config.json and the weights into a directory, made if absent.</summary>
    /// <param name="model">Without an adapter: merge it, or write it by itself.</param>
    /// <param name="directory">Where.</param>
    /// <param name="format">Type and size of the weight files; by default F32 and 5 GB.</param>
    /// <exception cref="CheckpointException">A weight is not finite; nothing is written then.</exception>
    public static void Save(ICausalLm model, string directory, WeightFormat? format = null)
    {
        if (model.Adapter is not null)
            throw new ArgumentException("ModelDirectory: Save writes a model without an adapter; merge it, or write it with LoraAdapter.Save.", nameof(model));

        format ??= new WeightFormat();
        Directory.CreateDirectory(directory);
        IModelConfig config = model.Config;
        WeightWriter.Write(directory, WeightSet.Stored(model.Weights, config), format);
        config.Write(directory, format.Type == SafetensorsType.BF16 ? "bfloat16" : "float32");
        new GenerationConfig { BosTokenId = config.BosTokenId, EosTokenId = config.EosTokenId, DoSample = true }.Write(directory);
    }

    static ICausalLm Create(IModelConfig config, ParameterSet weights) => config switch
    {
        Gpt2Config gpt2 => new Gpt2Model(gpt2, weights),
        _ => new LlamaModel((LlamaConfig)config, weights),
    };
}
