using System.Diagnostics;

namespace Goodhart.Cli.Benchmarks;

/// <summary>Times of repeated work.</summary>
static class Timing
{
    const int Warmups = 3, LeastRounds = 7;
    static readonly TimeSpan Enough = TimeSpan.FromSeconds(0.4);

    /// <summary>The shortest of many rounds, seconds: how fast it goes when nothing disturbs it.</summary>
    /// <param name="prepare">Before each round, not timed.</param>
    /// <param name="work">What is timed.</param>
    public static double Shortest(Action prepare, Action work)
    {
        double best = double.PositiveInfinity;
        TimeSpan spent = default;
        for (int round = 0; round < Warmups + LeastRounds || spent < Enough; round++)
        {
            prepare();
            long start = Stopwatch.GetTimestamp();
            work();
            TimeSpan took = Stopwatch.GetElapsedTime(start);
            spent += took;
            if (round >= Warmups)
                best = Math.Min(best, took.TotalSeconds);
        }

        return best;
    }

    /// <summary>The upper median: what a user sees.</summary>
    public static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }
}
