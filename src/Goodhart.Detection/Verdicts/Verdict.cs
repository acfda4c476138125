using Goodhart.Detection.Laws;

namespace Goodhart.Detection.Verdicts;

/// <summary>What a rule says of a curve, and on what grounds.</summary>
public sealed record Verdict
{
    /// <summary>The class.</summary>
    public required VerdictKind Kind { get; init; }

    /// <summary>The verdict in words, with its numbers.</summary>
    public required string Sentence { get; init; }

    /// <summary>
    /// Whether no golden distance was given. Then the verdict rests on the law of the held-out proxy, and
    /// <see cref="VerdictKind.Hacking"/> is a warning, not evidence.
    /// </summary>
    public required bool OracleFree { get; init; }

    /// <summary>
    /// Whether this is hacking with a proxy that stagnates instead of falling: the weaker form, close to overfitting.
    /// </summary>
    public bool IsWeakForm { get; init; }

    /// <summary>
    /// Where hacking or overfitting began: <see cref="LawDepartureStep"/>, or where the law was kept the turning point.
    /// Null for other verdicts.
    /// </summary>
    public double? OnsetStep { get; init; }

    /// <summary>The step of the lowest golden distance, where golden has risen since; otherwise null.</summary>
    public double? GoldenTurnStep { get; init; }

    /// <summary>The first evaluation that left the early law of the held-out proxy upwards; null while it is kept.</summary>
    public double? LawDepartureStep { get; init; }

    /// <summary>The held-out distance to the teacher.</summary>
    public required SeriesSummary Proxy { get; init; }

    /// <summary>The held-out distance to the oracle; null where it was not measured.</summary>
    public SeriesSummary? Golden { get; init; }

    /// <summary>The law of the held-out proxy in its early window; null where none could be fitted.</summary>
    public PowerLaw? Law { get; init; }

    /// <summary>The first step of that window.</summary>
    public double? LawFirstStep { get; init; }

    /// <summary>The last step of that window.</summary>
    public double? LawLastStep { get; init; }

    /// <summary>How far evaluations scatter about the law in that window, as a fraction (of natural logarithms).</summary>
    public double? LawResidualSigma { get; init; }
}
