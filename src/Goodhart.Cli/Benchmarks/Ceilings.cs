using Goodhart.Engine.Measurement;
using Goodhart.Engine.Threading;

namespace Goodhart.Cli.Benchmarks;

/// <summary>What the machine can do at most, measured in the same run as what is compared with it.</summary>
/// <param name="Threads">How many.</param>
/// <param name="Gflops">Of all threads together.</param>
/// <param name="GflopsOfOne">Of one thread.</param>
/// <param name="GigabytesPerSecond">To and from memory, all threads together.</param>
sealed record Ceilings(int Threads, double Gflops, double GflopsOfOne, double GigabytesPerSecond)
{
    public static Ceilings Measure(int threads)
    {
        using Workers all = new(threads), one = new(1);
        return new Ceilings(threads, FmaPeak.Gigaflops(all), FmaPeak.Gigaflops(one), MemoryBandwidth.GigabytesPerSecond(all));
    }

    /// <summary>The higher of two measurements, figure by figure: a limit is never below what was reached once.</summary>
    public Ceilings Or(Ceilings other) => new(
        Threads, Math.Max(Gflops, other.Gflops), Math.Max(GflopsOfOne, other.GflopsOfOne), Math.Max(GigabytesPerSecond, other.GigabytesPerSecond));

    /// <summary>The row with its share of the multiply-adds or, where it counts none, of the bytes.</summary>
    public BenchRow Compare(BenchRow row) => row with
    {
        PeakShare = row.Gflops is double gflops
            ? gflops / (row.Threads == 1 ? GflopsOfOne : Gflops)
            : row.GigabytesPerSecond / GigabytesPerSecond,
    };

    public IEnumerable<BenchRow> Rows()
    {
        yield return Row("fma-peak-1", "multiply-adds, one thread", 1) with { Gflops = GflopsOfOne };
        if (Threads > 1)
            yield return Row($"fma-peak-{Threads}", $"multiply-adds, {Threads} threads", Threads) with { Gflops = Gflops };
        yield return Row("memory", $"a = b + s c over 192 MB, {Threads} threads", Threads) with { GigabytesPerSecond = GigabytesPerSecond };
    }

    static BenchRow Row(string name, string what, int threads) => new() { Case = name, Group = "machine", What = what, Threads = threads };
}
