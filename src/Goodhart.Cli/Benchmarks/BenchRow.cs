namespace Goodhart.Cli.Benchmarks;

/// <summary>What was measured of one case; what a case does not have is null. Named in --json as here, with underscores.</summary>
sealed record BenchRow
{
    /// <summary>Its name, the same in a peer's output.</summary>
    public required string Case { get; init; }

    /// <summary>machine, matmul, op, step or sampling.</summary>
    public required string Group { get; init; }

    /// <summary>What it does, in a few words.</summary>
    public required string What { get; init; }

    /// <summary>The median round's rate.</summary>
    public double? TokensPerSecond { get; init; }

    /// <summary>10^9 floating-point operations a second, a multiply-add counted as two.</summary>
    public double? Gflops { get; init; }

    /// <summary>10^9 bytes a second, each operand counted once.</summary>
    public double? GigabytesPerSecond { get; init; }

    /// <summary>Share, 0 to 1, of the multiply-adds (or, for a case without Gflops, of the bytes) that as many threads can do at most.</summary>
    public double? PeakShare { get; init; }

    /// <summary>Of a step: everything allocated but weights, gradients and optimizer, 10^6 bytes.</summary>
    public double? WorkingMemoryMb { get; init; }

    /// <summary>The peer's rate, the median of its rounds.</summary>
    public double? PeerTokensPerSecond { get; init; }

    /// <summary>Our rate over the peer's.</summary>
    public double? PeerRatio { get; init; }
}
