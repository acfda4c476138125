using System.Text.Json;

namespace Goodhart.Lab.Runs;

/// <summary><c>summary.json</c>: a run of the lab in numbers, for programs and for the report.</summary>
public sealed record RunSummary
{
    /// <summary>The file's name in a run folder.</summary>
    public const string FileName = "summary.json";

    /// <summary>The version that made the run.</summary>
    public required string Goodhart { get; init; }

    /// <summary>When it began.</summary>
    public required DateTimeOffset Started { get; init; }

    /// <summary>How long it took.</summary>
    public required double Seconds { get; init; }

    /// <summary>The seed from which every random stream is derived.</summary>
    public required long Seed { get; init; }

    /// <summary>What golden and proxy are measured in.</summary>
    public string Metric { get; init; } = "forward KL, nats per token, held-out prompts";

    /// <summary>Where it ran.</summary>
    public required MachineSummary Machine { get; init; }

    /// <summary>The known truth; null where nobody knows it.</summary>
    public required ModelSummary? Oracle { get; init; }

    /// <summary>What the student imitates.</summary>
    public required ModelSummary Teacher { get; init; }

    /// <summary>The student where every arm starts.</summary>
    public required ModelSummary Student { get; init; }

    /// <summary>In the order in which they ran.</summary>
    public required IReadOnlyList<ArmSummary> Arms { get; init; }

    /// <summary>Indented JSON with snake_case names; numbers that are not finite are null.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, RunSummaryJson.Default.RunSummary) + "\n";

    /// <summary>Reads the summary of a run folder.</summary>
    /// <exception cref="RunFolderException">There is none, or it is not one.</exception>
    public static RunSummary Read(string runFolder)
    {
        string path = Path.Combine(runFolder, FileName);
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllText(path), RunSummaryJson.Default.RunSummary)
                ?? throw new RunFolderException($"{path}: holds null instead of a run.");
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new RunFolderException($"{path}: no such file. Name the folder of a finished run.", e);
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new RunFolderException($"{path}: cannot be read as the summary of a run ({e.Message})", e);
        }
    }
}

/// <summary>The machine a run ran on.</summary>
public sealed record MachineSummary
{
    /// <summary>The processor's name.</summary>
    public required string Cpu { get; init; }

    /// <summary>Logical cores.</summary>
    public required int Cores { get; init; }

    /// <summary>Threads used.</summary>
    public required int Threads { get; init; }

    /// <summary>Operating system.</summary>
    public required string Os { get; init; }

    /// <summary>.NET's version.</summary>
    public required string Runtime { get; init; }

    /// <summary>The widest vector instructions used.</summary>
    public required string Simd { get; init; }

    /// <summary>Peak resident memory, megabytes.</summary>
    public required double PeakMemoryMb { get; init; }
}

/// <summary>A model of the run.</summary>
public sealed record ModelSummary
{
    /// <summary>Number of weights.</summary>
    public required long Parameters { get; init; }

    /// <summary>Width.</summary>
    public required int HiddenSize { get; init; }

    /// <summary>Depth.</summary>
    public required int Layers { get; init; }

    /// <summary>Number of tokens.</summary>
    public required int VocabSize { get; init; }

    /// <summary>Its own distance from the oracle before distillation; null for the oracle. Nats per token.</summary>
    public double? GoldenForwardKl { get; init; }

    /// <summary>Where its weights come from, in words.</summary>
    public required string Source { get; init; }
}
