using Goodhart.Models.Architectures.Llama;
using Goodhart.Models.Checkpoints;
using Goodhart.Models.Safetensors;

namespace Goodhart.Models.Gguf;

/// <summary>Reads Llama, Mistral, Qwen2 and Qwen3 models from GGUF files.</summary>
public static class GgufModel
{
    /// <summary>Reads a model and gives its weights the names and the rotary layout of Hugging Face.</summary>
    /// <returns>The config, and the weights in the order of <see cref="LlamaConfig.Weights"/>, widened to float32.</returns>
    /// <exception cref="CheckpointException">The file is broken, contradicts itself, or holds another architecture.</exception>
    /// <exception cref="IOException">The file is missing or cannot be read.</exception>
    public static (LlamaConfig Config, IReadOnlyList<NamedTensor> Weights) Read(string path)
    {
        using GgufFile file = GgufFile.Open(path);
        GgufConfig metadata = new(file);
        LlamaConfig config = metadata.ToConfig();
        return (config, [.. config.Weights.Select(weight => Read(file, metadata.Architecture, config, weight.Name, weight.Shape))]);
    }

    static NamedTensor Read(GgufFile file, string architecture, LlamaConfig config, string name, int[] shape)
    {
        string stored = GgufNames.Of(name);
        if (!file.Tensors.TryGetValue(stored, out GgufTensor? tensor))
            throw new CheckpointException($"{file.Path}: has no tensor '{stored}', nearest names: {string.Join(", ", NearestName.FindSome(stored, file.Tensors.Keys))}. Convert it again.");
        if (!tensor.Shape.SequenceEqual(shape))
            throw new CheckpointException($"{file.Path}: '{stored}' is {tensor}; the metadata ask for [{string.Join(", ", shape)}]. Convert it again.");

        float[] values = new float[tensor.Count];
        file.Read(stored, values);
        return new NamedTensor(name, shape, GgufNames.HasNeighbouringPairs(architecture, name)
            ? GgufNames.Reorder(values, shape[0], config.HeadDim, toHalves: true)
            : values);
    }
}
