using Goodhart.Engine.Measurement;
using Goodhart.Engine.Threading;

namespace Goodhart.Cli.Benchmarks;

/// <summary>What the machine can do at most, measured in the same run as what is compared with it.</summary>
/// <param name="Gflops">Of all threads together.</param>
/// <param name="GflopsOfOne">Of one thread.</param>
/// <param name="GigabytesPerSecond">To and from memory, all threads together.</param>
sealed record Ceilings(double Gflops, double GflopsOfOne, double GigabytesPerSecond)
{
    public static Ceilings Measure(Workers all)
    {
        using Workers one = new(1);
        return new Ceilings(FmaPeak.Gigaflops(all), FmaPeak.Gigaflops(one), MemoryBandwidth.GigabytesPerSecond(all));
    }

    public IEnumerable<BenchRow> Rows(int threads)
    {
        yield return Row("fma-peak-1", "multiply-adds, one thread") with { Gflops = GflopsOfOne };
        if (threads > 1)
            yield return Row($"fma-peak-{threads}", $"multiply-adds, {threads} threads") with { Gflops = Gflops };
        yield return Row("memory", $"a = b + s c over 192 MB, {threads} threads") with { GigabytesPerSecond = GigabytesPerSecond };
    }

    static BenchRow Row(string name, string what) => new() { Case = name, Group = "machine", What = what };
}
