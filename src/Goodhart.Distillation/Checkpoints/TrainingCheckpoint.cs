using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Goodhart.Distillation.Data;
using Goodhart.Engine.Optimizers;
using Goodhart.Engine.Tensors;
using Goodhart.Models;
using Goodhart.Models.Adapters;
using Goodhart.Models.Checkpoints;
using Goodhart.Models.Safetensors;

namespace Goodhart.Distillation.Checkpoints;

/// <summary>A folder from which training goes on to the last bit: weights, moments, where the data stand, and the trainer's state.</summary>
/// <remarks>
/// Beside the model's own files it holds <c>optimizer.safetensors</c> with exp_avg.NAME and exp_avg_sq.NAME, <c>data_state.json</c>,
/// <c>trainer_state.json</c> and <c>SHA256SUMS</c>. A random stream has no file: it follows from seed, name and number.
/// </remarks>
static class TrainingCheckpoint
{
    const string OptimizerFileName = "optimizer.safetensors", DataFileName = "data_state.json";
    const string First = "exp_avg.", Second = "exp_avg_sq.";

    /// <summary>Writes all of it under a temporary name, then renames the folder; an earlier one of that name is replaced.</summary>
    public static void Write(string path, TrainerState state, AdamW optimizer, IExampleSource data, Action<string> saveModel)
    {
        string temporary = path + ".tmp";
        Delete(temporary);
        Directory.CreateDirectory(temporary);
        saveModel(temporary);
        SafetensorsWriter.Write(Path.Combine(temporary, OptimizerFileName),
        [
            .. optimizer.Moments.SelectMany(moments => new (string Prefix, Memory<float> Values)[] { (First, moments.First), (Second, moments.Second) }
                .Select(part => new NamedTensor(part.Prefix + moments.Parameter.Name, moments.Parameter.Dimensions, part.Values))),
        ]);
        WriteJson(temporary, DataFileName, data.State, SourceStateJson.Default.SourceState);
        WriteJson(temporary, TrainerState.FileName, state, TrainerStateJson.Default.TrainerState);
        Checksums.Write(temporary);
        Delete(path);
        Directory.Move(temporary, path);
    }

    /// <summary>Puts everything where it was; nothing is touched where a file does not fit.</summary>
    /// <exception cref="CheckpointException">It is of another model, or is not a checkpoint of ours.</exception>
    public static TrainerState Read(string path, ICausalLm student, AdamW optimizer, IExampleSource data)
    {
        TrainerState state = ReadJson(path, TrainerState.FileName, TrainerStateJson.Default.TrainerState);
        SourceState stand = ReadJson(path, DataFileName, SourceStateJson.Default.SourceState);
        ParameterSet stored = student.Adapter is null
            ? ModelDirectory.Load(path, trainable: false).Weights
            : LoraAdapter.Load(path, trainable: false).Parameters;
        if (stored.All.Count != student.Parameters.All.Count || student.Parameters.All.Any(p => stored.Find(p.Name)?.Shape != p.Value.Shape))
            throw new CheckpointException($"{path}: is of another model than the one in training. Resume with the settings of the run that wrote it.");

        using SafetensorsFile moments = SafetensorsFile.Open(Path.Combine(path, OptimizerFileName));
        foreach (Moments own in optimizer.Moments)
        {
            moments.Read(First + own.Parameter.Name, own.First.Span);
            moments.Read(Second + own.Parameter.Name, own.Second.Span);
        }

        foreach (Parameter parameter in student.Parameters.All)
            stored[parameter.Name].Data.CopyTo(parameter.Value.Data);
        optimizer.Steps = state.GlobalStep;
        data.State = stand;
        return state;
    }

    /// <summary>Deletes a checkpoint so that a half-deleted one never bears its name.</summary>
    public static void Delete(string path)
    {
        if (!Directory.Exists(path))
            return;
        string doomed = path.EndsWith(".tmp", StringComparison.Ordinal) ? path : path + ".old.tmp";
        if (doomed != path)
            Directory.Move(path, doomed);
        Directory.Delete(doomed, recursive: true);
    }

    static void WriteJson<T>(string directory, string name, T value, JsonTypeInfo<T> type) =>
        AtomicFile.Write(Path.Combine(directory, name), stream => JsonSerializer.Serialize(stream, value, type));

    static T ReadJson<T>(string directory, string name, JsonTypeInfo<T> type)
    {
        string path = Path.Combine(directory, name);
        try
        {
            using FileStream file = File.OpenRead(path);
            return JsonSerializer.Deserialize(file, type) ?? throw new CheckpointException($"{path}: holds null. Resume from another checkpoint.");
        }
        catch (JsonException e)
        {
            throw new CheckpointException($"{path}: cannot be read ({e.Message}) Resume from another checkpoint.", e);
        }
    }
}
