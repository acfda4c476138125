namespace Goodhart.Lab.Runs;

/// <summary>What a run folder tells about its run, without the models.</summary>
/// <param name="Name">The folder's name.</param>
/// <param name="Summary">Its summary.json.</param>
/// <param name="Config">Its config.yaml, or null where there is none.</param>
/// <param name="Arms">In the order of the summary.</param>
sealed record RunRecord(string Name, RunSummary Summary, string? Config, IReadOnlyList<ArmRecord> Arms)
{
    /// <exception cref="RunFolderException">The summary is missing, or a file cannot be read.</exception>
    public static RunRecord Read(string folder)
    {
        RunSummary summary = RunSummary.Read(folder);
        string config = Path.Combine(folder, "config.yaml");
        return new RunRecord(
            Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder))),
            summary,
            File.Exists(config) ? File.ReadAllText(config) : null,
            [.. summary.Arms.Select(arm => ArmRecord.Read(folder, arm))]);
    }
}

/// <summary>One arm: its summary and its metrics, which may be missing.</summary>
sealed record ArmRecord(ArmSummary Summary, IReadOnlyList<MetricLine> Lines)
{
    /// <summary>The last line that holds distances.</summary>
    public MetricLine? LastEvaluation { get; } =
        Lines.LastOrDefault(line => line.Any(pair => pair.Key.StartsWith("proxy/", StringComparison.Ordinal)));

    /// <summary>One metric against steps; lines without a value that can be drawn are left out.</summary>
    public IReadOnlyList<CurvePoint> Curve(string metric) =>
    [
        .. from line in Lines
           let step = Drawable(line, "step")
           let value = Drawable(line, metric)
           where step is >= 0 && value is not null
           select new CurvePoint(step.Value, value.Value, Math.Abs(Drawable(line, metric + "_stderr") ?? 0)),
    ];

    /// <summary>A number within any range that a run can reach; beyond it a chart would show nothing else.</summary>
    public static double? Drawable(MetricLine line, string metric) =>
        line.Number(metric) is double value && Math.Abs(value) < 1e12 ? value : null;

    public static ArmRecord Read(string folder, ArmSummary arm)
    {
        string path = Path.Combine(folder, arm.Folder ?? arm.Arm, "metrics.jsonl");
        return new ArmRecord(arm, File.Exists(path) ? MetricLog.Read(path) : []);
    }
}

/// <summary>A measurement at a step, with its standard error (0 where unknown).</summary>
readonly record struct CurvePoint(double Step, double Value, double Error);
