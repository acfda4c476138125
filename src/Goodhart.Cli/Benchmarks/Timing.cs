using System.Diagnostics;
using Goodhart.Engine.Autograd;
using Goodhart.Engine.Tensors;

namespace Goodhart.Cli.Benchmarks;

/// <summary>Times of repeated work.</summary>
static class Timing
{
    const int Warmups = 3, LeastRounds = 7;
    static readonly TimeSpan Enough = TimeSpan.FromSeconds(0.4), WithPreparation = TimeSpan.FromSeconds(1);

    /// <summary>The shortest of many rounds, seconds: how fast it goes when nothing disturbs it.</summary>
    /// <param name="prepare">Before each round, not timed.</param>
    /// <param name="work">What is timed.</param>
    public static double Shortest(Action prepare, Action work) => Shortest(() =>
    {
        prepare();
        long start = Stopwatch.GetTimestamp();
        work();
        return Stopwatch.GetElapsedTime(start);
    });

    /// <summary>The shortest backward pass of one op, whatever runs backward before it, seconds.</summary>
    /// <param name="record">Records the op.</param>
    /// <param name="tape">What it is recorded on.</param>
    /// <param name="profile">That of the tape's threads.</param>
    public static double ShortestBackward(Func<Tensor> record, Tape tape, OpProfile profile) => Shortest(() =>
    {
        tape.Reset();
        Tensor output = record();
        Tensor loss = output.Shape.Length == 1 ? output : tape.Sum(output);
        profile.Clear();
        tape.Backward(loss);
        return profile.Times.Single(time => profile.Times.Count == 1 || time.Op != nameof(Tape.Sum)).Backward;
    });

    static double Shortest(Func<TimeSpan> round)
    {
        double best = double.PositiveInfinity;
        TimeSpan spent = default;
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < Warmups + LeastRounds || spent < Enough && Stopwatch.GetElapsedTime(start) < WithPreparation; i++)
        {
            TimeSpan took = round();
            spent += took;
            if (i >= Warmups)
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
