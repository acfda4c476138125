using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Goodhart.Distillation.Data;
using Goodhart.Engine.Optimizers;
using Goodhart.Models;
using Goodhart.Models.Checkpoints;

namespace Goodhart.Distillation.Checkpoints;

/// <summary>Which checkpoints of a run are kept; names as in Hugging Face's trainers.</summary>
public sealed record CheckpointOptions
{
    /// <summary>The most that are kept; the best and the last always are. Default null, all of them.</summary>
    public int? SaveTotalLimit { get; init; }

    /// <summary>The metric by which a checkpoint is the best; null for none. Default null.</summary>
    public string? MetricForBestModel { get; init; }

    /// <summary>Whether that metric should rise. Default false: it is a loss or a distance.</summary>
    public bool GreaterIsBetter { get; init; }

    /// <summary>All problems, as "name: should be ..., got ...".</summary>
    public IEnumerable<string> Validate()
    {
        if (SaveTotalLimit < 1)
            yield return $"save_total_limit: should be at least 1, got {SaveTotalLimit}.";
    }
}

/// <summary>The folders <c>checkpoint-STEP</c> of a run: written whole, kept as the options say, and gone on from.</summary>
/// <param name="directory">Where they are; made if absent.</param>
/// <param name="options">Which are kept.</param>
public sealed class CheckpointSeries(string directory, CheckpointOptions options)
{
    const string Prefix = "checkpoint-";

    TrainerState _state = new();

    /// <summary>The folder of the best by the options' metric; null before the first.</summary>
    public string? Best => _state.BestModelCheckpoint is string name ? Path.Combine(directory, name) : null;

    /// <summary>The metric of <see cref="Best"/>.</summary>
    public double? BestMetric => _state.BestMetric;

    /// <summary>The folder of the last one that was written or gone on from; null before the first.</summary>
    public string? Last { get; private set; }

    /// <summary>The folders in a directory, the newest first, whole or not.</summary>
    public static IReadOnlyList<string> In(string directory) => !Directory.Exists(directory) ? [] :
        [.. Directory.EnumerateDirectories(directory, Prefix + "*").Where(path => StepOf(path) is not null).OrderByDescending(StepOf)];

    /// <summary>Writes a checkpoint under a temporary name, renames it, and only then deletes those that need not be kept.</summary>
    /// <param name="optimizer">Says which step it is.</param>
    /// <param name="data">The source that the run draws from.</param>
    /// <param name="maxSteps">Of the whole run.</param>
    /// <param name="log">Lines with their step, the oldest first. The metric is looked up in the last, if it is of this step.</param>
    /// <param name="saveModel">Writes the model, and what belongs to it, into a folder that exists.</param>
    /// <exception cref="IOException">It cannot be written; those before it are intact.</exception>
    public void Save(AdamW optimizer, IExampleSource data, int maxSteps, IReadOnlyList<JsonObject> log, Action<string> saveModel)
    {
        int step = optimizer.Steps;
        string name = Prefix + step.ToString(CultureInfo.InvariantCulture);
        TrainerState state = _state with { GlobalStep = step, MaxSteps = maxSteps, NumInputTokensSeen = data.Ledger.Tokens, LogHistory = log };
        if (MetricAt(step, log) is double metric && IsBetter(metric))
            state = state with { BestGlobalStep = step, BestMetric = metric, BestModelCheckpoint = name };

        Directory.CreateDirectory(directory);
        TrainingCheckpoint.Write(Path.Combine(directory, name), state, optimizer, data, saveModel);
        (_state, Last) = (state, Path.Combine(directory, name));
        DeleteOld();
    }

    /// <summary>Puts weights, optimizer and source where they were at the newest checkpoint.</summary>
    /// <param name="student">The model in training, made as it was for the run.</param>
    /// <param name="optimizer">Of its parameters.</param>
    /// <param name="data">The source, made as it was for the run.</param>
    /// <returns>Null, with nothing changed, where there is no checkpoint.</returns>
    /// <exception cref="CheckpointException">The newest is broken, or is of another model.</exception>
    public TrainerState? Resume(ICausalLm student, AdamW optimizer, IExampleSource data) =>
        In(directory) is [string newest, ..] ? Resume(newest, student, optimizer, data) : null;

    /// <summary>The same from a checkpoint of one's choice.</summary>
    /// <param name="checkpoint">A folder <c>checkpoint-STEP</c>.</param>
    /// <param name="student">The model in training, made as it was for the run.</param>
    /// <param name="optimizer">Of its parameters.</param>
    /// <param name="data">The source, made as it was for the run.</param>
    /// <exception cref="CheckpointException">It is broken, or is of another model.</exception>
    public TrainerState Resume(string checkpoint, ICausalLm student, AdamW optimizer, IExampleSource data)
    {
        if (Checksums.ProblemOf(checkpoint) is string problem)
            throw Broken(checkpoint, problem);

        _state = TrainingCheckpoint.Read(checkpoint, student, optimizer, data);
        Last = checkpoint;
        return _state;
    }

    static int? StepOf(string path) =>
        int.TryParse(Path.GetFileName(path)[Prefix.Length..], NumberStyles.None, CultureInfo.InvariantCulture, out int step) ? step : null;

    static CheckpointException Broken(string checkpoint, string problem)
    {
        string parent = Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(checkpoint)))!;
        string? whole = In(parent).FirstOrDefault(path => Checksums.ProblemOf(path) is null);
        return new CheckpointException($"{checkpoint}: is broken, {problem}. "
            + (whole is null ? "No other checkpoint is whole: start again." : $"The newest whole one is {whole}: remove those after it to go on from there."));
    }

    double? MetricAt(int step, IReadOnlyList<JsonObject> log)
    {
        if (options.MetricForBestModel is not string name || log.Count == 0 || NumberOf(log[^1]["step"]) != step)
            return null;
        if (!log[^1].TryGetPropertyValue(name, out JsonNode? value))
            throw new ArgumentException($"metric_for_best_model: '{name}' is not measured. It may be {string.Join(", ", log[^1].Select(pair => pair.Key))}.");
        return NumberOf(value);
    }

    // A value that was not read from JSON only converts to the type that it was made of.
    static double? NumberOf(JsonNode? value) =>
        value?.GetValueKind() == JsonValueKind.Number ? double.Parse(value.ToJsonString(), CultureInfo.InvariantCulture) : null;

    bool IsBetter(double metric) => _state.BestMetric is not double best || (options.GreaterIsBetter ? metric > best : metric < best);

    void DeleteOld()
    {
        if (options.SaveTotalLimit is not int limit)
            return;

        string[] always = [.. new[] { Last, Best }.OfType<string>().Distinct()];
        IEnumerable<string> others = In(directory).Except(always);
        foreach (string old in others.Skip(Math.Max(0, limit - always.Length)))
            TrainingCheckpoint.Delete(old);
    }
}
