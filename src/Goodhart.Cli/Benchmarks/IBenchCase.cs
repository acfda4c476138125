using Goodhart.Engine.Autograd;

namespace Goodhart.Cli.Benchmarks;

/// <summary>Something that can be measured on this machine.</summary>
interface IBenchCase
{
    /// <summary>Unique, and the same in a peer's output.</summary>
    string Name { get; }

    /// <summary>matmul, op, step, sampling or scaling.</summary>
    string Group { get; }

    /// <summary>What it is meant to reach; null for nothing.</summary>
    Target? Target { get; }

    /// <summary>Measures it once.</summary>
    /// <param name="profile">Told where the time goes; null for nobody.</param>
    BenchRow Measure(OpProfile? profile);
}
