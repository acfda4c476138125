namespace Goodhart.Cli.Benchmarks;

/// <summary>What was measured of one case; what a case does not have is null. Named in --json as here, with underscores.</summary>
sealed record BenchRow
{
    /// <summary>Its name, the same in a peer's output.</summary>
    public required string Case { get; init; }

    /// <summary>machine, matmul, op, step, sampling or scaling.</summary>
    public required string Group { get; init; }

    /// <summary>What it does, in a few words.</summary>
    public required string What { get; init; }

    /// <summary>How many it used; null for a fit.</summary>
    public int? Threads { get; init; }

    /// <summary>Of a scaling case: where it lies on its axis (tokens of a step, parameters of the student, or its vocabulary).</summary>
    public double? Size { get; init; }

    /// <summary>The median round's rate.</summary>
    public double? TokensPerSecond { get; init; }

    /// <summary>Of a step, the median round's.</summary>
    public double? SecondsPerStep { get; init; }

    /// <summary>10^9 floating-point operations a second, a multiply-add counted as two.</summary>
    public double? Gflops { get; init; }

    /// <summary>10^9 bytes a second, each operand counted once.</summary>
    public double? GigabytesPerSecond { get; init; }

    /// <summary>Share, 0 to 1, of the multiply-adds (or, for a case without Gflops, of the bytes) that as many threads can do at most.</summary>
    public double? PeakShare { get; init; }

    /// <summary>Of a step: everything allocated but weights, gradients and optimizer, 10^6 bytes.</summary>
    public double? WorkingMemoryMb { get; init; }

    /// <summary>Of a step: that memory over what whole [tokens, vocabulary] logits of student and teacher would take.</summary>
    public double? LogitsShare { get; init; }

    /// <summary>Of several rounds: the fastest less the slowest, over the median.</summary>
    public double? Spread { get; init; }

    /// <summary>The command of the peer that is compared with, the fastest of this case.</summary>
    public string? Peer { get; init; }

    /// <summary>Its rate, the median of its rounds.</summary>
    public double? PeerTokensPerSecond { get; init; }

    /// <summary>Our rate over the peer's, both medians.</summary>
    public double? PeerRatio { get; init; }

    /// <summary>Of several rounds: the lowest ratio within one of them.</summary>
    public double? PeerRatioMin { get; init; }

    /// <summary>Of a fit: the slope of log time over log size.</summary>
    public double? Exponent { get; init; }

    /// <summary>Two standard errors of the slope.</summary>
    public double? ExponentError { get; init; }

    /// <summary>Of a fit: the slope over the upper half of the sizes alone, where fixed costs weigh least.</summary>
    public double? UpperExponent { get; init; }

    /// <summary>Asked of <see cref="PeerRatio"/>, at least.</summary>
    public double? TargetRatio { get; init; }

    /// <summary>Asked of <see cref="PeakShare"/>, at least.</summary>
    public double? TargetPeakShare { get; init; }

    /// <summary>Asked of <see cref="LogitsShare"/>, at most.</summary>
    public double? TargetLogitsShare { get; init; }

    /// <summary>Asked of <see cref="Exponent"/>, at most, within its error.</summary>
    public double? TargetExponent { get; init; }

    /// <summary>Whether all targets are met; null without one, or where none is missed and a figure, such as a peer's, is lacking.</summary>
    public bool? TargetMet { get; init; }

    /// <summary>The row judged by what its case is meant to reach.</summary>
    public BenchRow JudgedBy(Target? target) => target is null ? this : this with
    {
        TargetRatio = target.Ratio,
        TargetPeakShare = target.PeakShare,
        TargetLogitsShare = target.LogitsShare,
        TargetExponent = target.Exponent,
        TargetMet = target.MetBy(this),
    };
}
