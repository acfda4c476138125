using Goodhart.Engine.Tensors;
using Goodhart.Models.Safetensors;

namespace Goodhart.Models.Checkpoints;

/// <summary>Moves a model's weights between memory and the files of its directory.</summary>
static class WeightSet
{
    /// <summary>Reads all weights that a config lists; frozen ones stay in the file where they can. All shapes are compared before anything is allocated.</summary>
    public static ParameterSet Read(string directory, IModelConfig config, bool trainable)
    {
        using WeightFiles files = WeightFiles.Open(directory);
        foreach ((string name, int[] shape) in config.Weights)
            files.Check(files.FirstOf(config.StoredNames(name)), config.IsStoredTransposed(name) ? [shape[1], shape[0]] : shape);

        if (!trainable)
        {
            Dictionary<string, int[]> shapes = config.Weights.ToDictionary(weight => weight.Name, weight => weight.Shape);
            return new ParameterSet(config.Weights, (name, length) => Place(files, config, name, shapes[name], length));
        }

        ParameterSet weights = new(config.Weights, trainable);
        foreach (Parameter weight in weights.All)
            Read(files, config, weight.Name, [.. weight.Dimensions], weight.Value.Data);
        return weights;
    }

    /// <summary>The weights as they are written, matrices the way round that files have them.</summary>
    public static IReadOnlyList<NamedTensor> Stored(ParameterSet weights, IModelConfig config) =>
        [.. weights.All.Select(weight => config.IsStoredTransposed(weight.Name)
            ? new NamedTensor(weight.Name, [.. weight.Dimensions.Reverse()], Transposed(weight.Value.Data, weight.Value.Shape.Rows))
            : new NamedTensor(weight.Name, weight.Dimensions, weight.Value.Values))];

    static Memory<float> Place(WeightFiles files, IModelConfig config, string name, int[] shape, int length)
    {
        if (!config.IsStoredTransposed(name) && files.Map(files.FirstOf(config.StoredNames(name)), shape) is Memory<float> mapped)
            return mapped;

        float[] values = GC.AllocateUninitializedArray<float>(length, pinned: true);
        Read(files, config, name, shape, values);
        return values;
    }

    static void Read(WeightFiles files, IModelConfig config, string name, int[] shape, Span<float> destination)
    {
        string stored = files.FirstOf(config.StoredNames(name));
        if (!config.IsStoredTransposed(name))
        {
            files.Read(stored, shape, destination);
            return;
        }

        float[] transposed = new float[destination.Length];
        files.Read(stored, [shape[1], shape[0]], transposed);
        Transposed(transposed, rows: shape[1]).CopyTo(destination);
    }

    static float[] Transposed(ReadOnlySpan<float> matrix, int rows)
    {
        int columns = matrix.Length / rows;
        float[] transposed = new float[matrix.Length];
        for (int row = 0; row < rows; row++)
        {
            for (int column = 0; column < columns; column++)
                transposed[column * rows + row] = matrix[row * columns + column];
        }

        return transposed;
    }
}
