using Goodhart.Engine.Randomness;
using Goodhart.Engine.Tensors;
using Goodhart.Models.Checkpoints;
using Goodhart.Models.Safetensors;

namespace Goodhart.Models.Adapters;

/// <summary>Low-rank additions to some of a model's matrices (Hu et al. 2021), in PEFT's files.</summary>
public sealed class LoraAdapter
{
    /// <summary>The weights' file name in an adapter directory.</summary>
    public const string WeightsFileName = "adapter_model.safetensors";

    const string Prefix = "base_model.model.", Weight = ".weight";

    readonly Dictionary<string, LowRank> _modules = [];

    LoraAdapter(LoraConfig config, IEnumerable<(string Name, int[] Shape)> specs, bool trainable)
    {
        (Config, Parameters) = (config, new ParameterSet(specs, trainable));
        foreach (Parameter a in Parameters.All.Where(p => p.Name.EndsWith(NameOfA(""), StringComparison.Ordinal)))
        {
            string module = a.Name[..^NameOfA("").Length];
            _modules.Add(module, new LowRank(a.Value, Parameters[NameOfB(module)], config.ScaleOf(module)));
        }
    }

    /// <summary>Ranks and scales.</summary>
    public LoraConfig Config { get; }

    /// <summary>All A and B, as module.lora_A.weight and module.lora_B.weight.</summary>
    public ParameterSet Parameters { get; }

    /// <summary>What is added, by the name of the module whose matrix it is added to.</summary>
    public IReadOnlyDictionary<string, LowRank> Modules => _modules;

    /// <summary>A new trainable adapter, which adds nothing at first: A uniform within 1 / sqrt(in), B zero.</summary>
    /// <param name="config">Ranks, scales and which modules.</param>
    /// <param name="model">Whose modules.</param>
    /// <param name="rng">Draws A.</param>
    /// <exception cref="CheckpointException">No module of the model is one of the config's.</exception>
    public static LoraAdapter Initialize(LoraConfig config, IModelConfig model, Rng rng)
    {
        (string Module, int[] Shape)[] targets = [.. Matrices(model.Weights).Where(matrix => config.Targets(matrix.Module))];
        if (targets.Length == 0)
            throw new CheckpointException($"target_modules: none of {config.TargetText} is a matrix of the model. It has {string.Join(", ", Matrices(model.Weights).Select(m => m.Module.Split('.')[^1]).Distinct())}.");

        LoraAdapter adapter = new(config, targets.SelectMany(t => Specs(t.Module, config.RankOf(t.Module), t.Shape)), trainable: true);
        foreach (LowRank module in adapter.Modules.Values)
        {
            double bound = 1 / Math.Sqrt(module.A.Shape.Columns);
            foreach (ref float value in module.A.Data)
                value = (float)((2 * rng.NextDouble() - 1) * bound);
        }

        return adapter;
    }

    /// <summary>Reads adapter_config.json and adapter_model.safetensors.</summary>
    /// <param name="directory">Where they are.</param>
    /// <param name="trainable">Whether it has gradients.</param>
    /// <exception cref="CheckpointException">A file is missing, broken, or contradicts the other.</exception>
    public static LoraAdapter Load(string directory, bool trainable)
    {
        LoraConfig config = LoraConfig.Read(Path.Combine(directory, LoraConfig.FileName));
        string path = Path.Combine(directory, WeightsFileName);
        if (!File.Exists(path))
            throw new CheckpointException($"{path}: no such file. An adapter directory holds {LoraConfig.FileName} and {WeightsFileName}.");

        using SafetensorsFile file = SafetensorsFile.Open(path);
        LoraFile names = new(file, config);
        LoraAdapter adapter = new(config, names.Modules.SelectMany(m => Specs(m.Name, m.Rank, [m.Out, m.In])), trainable);
        foreach (Parameter parameter in adapter.Parameters.All)
            file.Read(names.StoredName(parameter.Name), parameter.Value.Data);
        return adapter;
    }

    /// <summary>Writes adapter_config.json and adapter_model.safetensors (F32) into a directory, made if absent.</summary>
    /// <exception cref="CheckpointException">A value is not finite; nothing is written then.</exception>
    public void Save(string directory)
    {
        Directory.CreateDirectory(directory);
        SafetensorsWriter.Write(
            Path.Combine(directory, WeightsFileName), [.. Parameters.All.Select(p => new NamedTensor(Prefix + p.Name, p.Dimensions, p.Value.Values))]);
        Config.Write(Path.Combine(directory, LoraConfig.FileName));
    }

    /// <summary>What is added to a module; null for nothing.</summary>
    public LowRank? Find(string module) => _modules.GetValueOrDefault(module);

    /// <summary>An adapter of the same values, with memory of its own.</summary>
    public LoraAdapter Copy(bool trainable)
    {
        LoraAdapter copy = new(Config, Parameters.All.Select(p => (p.Name, p.Dimensions.ToArray())), trainable);
        copy.Parameters.CopyFrom(Parameters);
        return copy;
    }

    /// <summary>Adds scale B A to the matrices themselves, summed in double.</summary>
    /// <param name="weights">Of a model, not mapped from a file that others read.</param>
    /// <exception cref="CheckpointException">A module is not there, or has another shape.</exception>
    public void MergeInto(ParameterSet weights)
    {
        Check(weights);
        foreach ((string name, LowRank module) in _modules)
        {
            Span<float> matrix = weights[name + Weight].Data, a = module.A.Data, b = module.B.Data;
            (int rank, int inputs) = module.A.Shape;
            for (int at = 0; at < matrix.Length; at++)
            {
                double sum = 0;
                for (int r = 0; r < rank; r++)
                    sum += (double)b[at / inputs * rank + r] * a[r * inputs + at % inputs];
                matrix[at] = (float)(matrix[at] + module.Scale * sum);
            }
        }
    }

    /// <summary>Refuses a model that lacks one of the modules, or has it in another shape.</summary>
    /// <exception cref="CheckpointException">Names the first such module.</exception>
    public void Check(ParameterSet weights)
    {
        foreach ((string name, LowRank module) in _modules)
        {
            Shape expected = new(module.B.Shape.Rows, module.A.Shape.Columns);
            if (weights.Find(name + Weight) is not Tensor matrix)
            {
                string nearest = string.Join(", ", NearestName.FindSome(name + Weight, weights.All.Select(p => p.Name)));
                throw new CheckpointException($"the adapter changes '{name}', which the model does not have; nearest: {nearest}. Name the model that it was made for.");
            }

            if (matrix.Shape != expected)
                throw new CheckpointException($"the adapter changes '{name}' of shape {expected}; the model's has {matrix.Shape}. Name the model that it was made for.");
        }
    }

    internal static string NameOfA(string module) => module + ".lora_A.weight";

    internal static string NameOfB(string module) => module + ".lora_B.weight";

    static IEnumerable<(string Name, int[] Shape)> Specs(string module, int rank, int[] shape) =>
        [(NameOfA(module), [rank, shape[1]]), (NameOfB(module), [shape[0], rank])];

    static IEnumerable<(string Module, int[] Shape)> Matrices(IEnumerable<(string Name, int[] Shape)> weights) => weights
        .Where(weight => weight.Shape.Length == 2 && weight.Name.Contains(".layers.", StringComparison.Ordinal) | weight.Name.Contains(".h.", StringComparison.Ordinal))
        .Select(weight => (weight.Name[..^Weight.Length], weight.Shape));
}
