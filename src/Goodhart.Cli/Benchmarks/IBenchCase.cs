using Goodhart.Engine.Autograd;

namespace Goodhart.Cli.Benchmarks;

/// <summary>Something that can be measured on this machine.</summary>
interface IBenchCase
{
    /// <summary>Unique, and the same in a peer's output.</summary>
    string Name { get; }

    /// <summary>matmul, op, step or sampling.</summary>
    string Group { get; }

    /// <summary>Measures it once.</summary>
    /// <param name="ceilings">What the machine can do.</param>
    /// <param name="profile">Told where the time goes; null for nobody.</param>
    BenchRow Measure(Ceilings ceilings, OpProfile? profile);
}
