using System.Text.Json.Serialization;

namespace Goodhart.Lab.Runs;

/// <summary>One arm: a student trained from the common start on one kind of data, and what became of it.</summary>
public sealed record ArmSummary
{
    /// <summary>The name, also that of its folder: <c>online-teacher</c>.</summary>
    public required string Arm { get; init; }

    /// <summary>Its folder in the run's; null where that has the arm's name, empty where it is the run's own.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Folder { get; init; }

    /// <summary>Who wrote the completions: dataset, teacher, student or mixed.</summary>
    public required string Source { get; init; }

    /// <summary>Drawn once before training (offline) or anew at each visit (online).</summary>
    public required string Mode { get; init; }

    /// <summary>hacking, overfitting, healthy or not_enough_evidence.</summary>
    public required string Verdict { get; init; }

    /// <summary>The verdict and its evidence in one sentence.</summary>
    public required string VerdictSentence { get; init; }

    /// <summary>Distance of the oracle to the student on held-out prompts.</summary>
    public required CurveSummary? GoldenForwardKl { get; init; }

    /// <summary>Distance of the teacher to the student on held-out prompts.</summary>
    public required CurveSummary? ProxyForwardKl { get; init; }

    /// <summary>The step at which held-out proxy leaves its law, or null.</summary>
    public long? OnsetStep { get; init; }

    /// <summary>The law of held-out proxy, or null where none fits.</summary>
    public LawSummary? Law { get; init; }

    /// <summary>The seed of the arm.</summary>
    public required long Seed { get; init; }

    /// <summary>Optimizer steps taken.</summary>
    public required long Steps { get; init; }

    /// <summary>Completion tokens trained on.</summary>
    public required long Tokens { get; init; }

    /// <summary>Wall time, evaluation included.</summary>
    public required double Seconds { get; init; }

    /// <summary>The checkpoint of lowest golden, relative to the run folder.</summary>
    public string? BestCheckpoint { get; init; }

    /// <summary>The checkpoint of the last step, relative to the run folder.</summary>
    public string? LastCheckpoint { get; init; }

    /// <summary>What the arm was trained on.</summary>
    public required LedgerSummary Ledger { get; init; }

    /// <summary>False for an arm that was stopped before its last step.</summary>
    public required bool Finished { get; init; }
}

/// <summary>value = amplitude * step^(-exponent) + offset, fitted from the first to the last step named.</summary>
public sealed record LawSummary
{
    /// <summary>Nats per token at step 1, above the offset.</summary>
    public required double Amplitude { get; init; }

    /// <summary>Positive for a falling curve.</summary>
    public required double Exponent { get; init; }

    /// <summary>The floor, nats per token.</summary>
    public required double Offset { get; init; }

    /// <summary>Where the fit begins.</summary>
    public required long FirstStep { get; init; }

    /// <summary>Where the fit ends and extrapolation begins.</summary>
    public required long LastStep { get; init; }

    /// <summary>The law's value at a step of 1 or more.</summary>
    public double At(double step) => Amplitude * Math.Pow(step, -Exponent) + Offset;
}

/// <summary>How varied the training data of an arm were.</summary>
public sealed record LedgerSummary
{
    /// <summary>Distinct prompts.</summary>
    public required long UniquePrompts { get; init; }

    /// <summary>Distinct completions.</summary>
    public required long UniqueCompletions { get; init; }

    /// <summary>How often a completion was used, on average.</summary>
    public required double Reuse { get; init; }

    /// <summary>The share of visits, 0 to 1, that saw a completion for the first time.</summary>
    public required double FreshFraction { get; init; }
}
