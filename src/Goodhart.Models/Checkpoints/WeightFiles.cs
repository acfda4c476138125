using Goodhart.Models.Safetensors;

namespace Goodhart.Models.Checkpoints;

/// <summary>The weights of a model directory: model.safetensors, or model.safetensors.index.json with its shards.</summary>
public sealed class WeightFiles : IDisposable
{
    /// <summary>The name of a file that holds all weights.</summary>
    public const string SingleFileName = "model.safetensors";

    readonly string _directory;
    readonly Dictionary<string, SafetensorsFile> _files = [];
    readonly Dictionary<string, SafetensorsFile> _fileOf = [];

    WeightFiles(string directory) => _directory = directory;

    /// <summary>The names of all tensors.</summary>
    public IReadOnlyCollection<string> Names => _fileOf.Keys;

    /// <summary>Opens a model directory and checks the headers of its weight files.</summary>
    /// <exception cref="CheckpointException">There are no weights, a shard is missing, or a file breaks its format.</exception>
    public static WeightFiles Open(string directory)
    {
        WeightFiles weights = new(directory);
        try
        {
            weights.OpenFiles();
            return weights;
        }
        catch
        {
            weights.Dispose();
            throw;
        }
    }

    /// <summary>What the file says of a tensor.</summary>
    /// <exception cref="CheckpointException">There is none of this name; the message lists the nearest names.</exception>
    public TensorEntry Find(string name) => FileOf(name).Entries[name];

    /// <summary>Reads a tensor of a known shape, widening F16 and BF16 to float32, which is exact.</summary>
    /// <param name="name">Its name in the checkpoint.</param>
    /// <param name="shape">The shape that the model expects.</param>
    /// <param name="destination">As many values as the product of the shape.</param>
    /// <exception cref="CheckpointException">The tensor is absent, has another shape, or is not F32, F16 or BF16.</exception>
    public void Read(string name, ReadOnlySpan<int> shape, Span<float> destination) => Checked(name, shape).Read(name, destination);

    /// <summary>A tensor of a known shape where it lies in the file; null where it has to be read.</summary>
    /// <exception cref="CheckpointException">The tensor is absent or has another shape.</exception>
    public Memory<float>? Map(string name, ReadOnlySpan<int> shape) => Checked(name, shape).Map(name);

    /// <summary>Compares a tensor with the shape that the model expects.</summary>
    /// <exception cref="CheckpointException">The tensor is absent or has another shape.</exception>
    public void Check(string name, ReadOnlySpan<int> shape) => Checked(name, shape);

    /// <summary>The first of several names that there is; the first where there is none.</summary>
    public string FirstOf(IReadOnlyList<string> names) => names.FirstOrDefault(_fileOf.ContainsKey) ?? names[0];

    SafetensorsFile Checked(string name, ReadOnlySpan<int> shape)
    {
        SafetensorsFile file = FileOf(name);
        TensorEntry entry = file.Entries[name];
        if (!HasShape(entry, shape))
        {
            throw new CheckpointException(
                $"{file.Path}: '{name}' is {entry}; config.json asks for [{string.Join(", ", shape.ToArray())}]. " +
                "Correct config.json, or export the model again.");
        }

        return file;
    }

    /// <summary>Closes the files.</summary>
    public void Dispose()
    {
        foreach (SafetensorsFile file in _files.Values)
            file.Dispose();
    }

    void OpenFiles()
    {
        string single = Path.Combine(_directory, SingleFileName);
        string index = Path.Combine(_directory, ShardIndex.FileName);
        if (File.Exists(single))
            OpenSingle(single);
        else if (File.Exists(index))
            OpenShards(index);
        else
            throw new CheckpointException($"{_directory}: {WhyEmpty()}");
    }

    string WhyEmpty() => Directory.Exists(_directory)
        ? $"has neither {SingleFileName} nor {ShardIndex.FileName}. Export the model as safetensors."
        : $"no such folder. Name a folder with config.json and {SingleFileName}.";

    void OpenSingle(string path)
    {
        SafetensorsFile file = SafetensorsFile.Open(path);
        _files.Add(path, file);
        foreach (string name in file.Entries.Keys)
            _fileOf.Add(name, file);
    }

    void OpenShards(string indexPath)
    {
        foreach ((string name, string shard) in ShardIndex.Read(indexPath).WeightMap)
        {
            string path = Path.Combine(_directory, shard);
            if (!_files.TryGetValue(shard, out SafetensorsFile? file))
            {
                if (!File.Exists(path))
                    throw Bad($"'{name}' is in '{shard}', which is not there. Fetch it, too.");

                file = SafetensorsFile.Open(path);
                _files.Add(shard, file);
            }

            if (!file.Entries.ContainsKey(name))
                throw Bad($"'{name}' should be in '{shard}', which does not have it. Fetch both again.");

            _fileOf.Add(name, file);
        }

        CheckpointException Bad(string problem) => new($"{indexPath}: {problem}");
    }

    SafetensorsFile FileOf(string name)
    {
        if (_fileOf.TryGetValue(name, out SafetensorsFile? file))
            return file;

        string nearest = string.Join(", ", NearestName.FindSome(name, Names).Select(near => $"'{near}'").DefaultIfEmpty("none"));
        throw new CheckpointException(
            $"{_directory}: the weights have no tensor '{name}', nearest names: {nearest}. Export the model again.");
    }

    static bool HasShape(TensorEntry entry, ReadOnlySpan<int> shape)
    {
        if (entry.Shape.Count != shape.Length)
            return false;

        for (int i = 0; i < shape.Length; i++)
        {
            if (entry.Shape[i] != shape[i])
                return false;
        }

        return true;
    }
}
