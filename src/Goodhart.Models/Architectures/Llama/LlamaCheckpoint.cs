using Goodhart.Engine.Tensors;
using Goodhart.Models.Checkpoints;
using Goodhart.Models.Safetensors;

namespace Goodhart.Models.Architectures.Llama;

/// <summary>Llama models as Hugging Face directories, in and out.</summary>
public static class LlamaCheckpoint
{
    /// <summary>Reads config.json and the weights, sharded or not; F16 and BF16 are widened.</summary>
    /// <exception cref="CheckpointException">A file is missing, broken, or contradicts config.json.</exception>
    public static LlamaModel Load(string directory, bool trainable)
    {
        using WeightFiles weights = WeightFiles.Open(directory);
        LlamaModel model = new(LlamaConfig.Read(Path.Combine(directory, LlamaConfig.FileName)), trainable);
        foreach (Parameter parameter in model.Parameters.All)
            weights.Read(parameter.Name, [.. parameter.Dimensions], parameter.Value.Data);
        return model;
    }

    /// <summary>Writes config.json, generation_config.json and model.safetensors (F32) into a directory, made if absent.</summary>
    /// <exception cref="CheckpointException">A weight is not finite; nothing is written then.</exception>
    public static void Save(LlamaModel model, string directory)
    {
        Directory.CreateDirectory(directory);
        LlamaConfig config = model.Config;
        SafetensorsWriter.Write(Path.Combine(directory, WeightFiles.SingleFileName), [.. model.Parameters.All.Select(Named)]);
        config.Write(directory);
        new GenerationConfig { BosTokenId = config.BosTokenId, EosTokenId = config.EosTokenId, DoSample = true }.Write(directory);
    }

    /// <summary>A frozen or trainable model of weights that another format held.</summary>
    public static LlamaModel Create(LlamaConfig config, IReadOnlyList<NamedTensor> weights, bool trainable)
    {
        LlamaModel model = new(config, trainable);
        foreach (NamedTensor weight in weights)
            weight.Values.Span.CopyTo(model.Parameters[weight.Name].Data);
        return model;
    }

    static NamedTensor Named(Parameter parameter) => new(parameter.Name, parameter.Dimensions, parameter.Value.Values);
}
