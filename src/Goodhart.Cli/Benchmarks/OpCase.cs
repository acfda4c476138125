using Goodhart.Engine.Autograd;
using Goodhart.Engine.Threading;

namespace Goodhart.Cli.Benchmarks;

/// <summary>One op of the tape, forward or backward, or one pass of the optimizer, without a model around it.</summary>
/// <param name="Name">The op, and "-back" for its backward pass.</param>
/// <param name="What">Its shapes.</param>
/// <param name="Floats">That it has to read or write, each operand once.</param>
/// <param name="Flops">Where arithmetic is what it costs; otherwise 0.</param>
/// <param name="Threads">How many.</param>
/// <param name="Seconds">The shortest of many calls, on threads with a profile.</param>
sealed record OpCase(string Name, string What, double Floats, double Flops, int Threads, Func<Workers, double> Seconds) : IBenchCase
{
    public string Group => "op";

    public Target? Target => null;

    public BenchRow Measure(OpProfile? profile)
    {
        using Workers workers = new(Threads) { Profile = profile ?? new OpProfile() };
        double seconds = Seconds(workers);
        return new BenchRow
        {
            Case = Name,
            Group = Group,
            What = What,
            Threads = Threads,
            GigabytesPerSecond = Floats * sizeof(float) / seconds / 1e9,
            Gflops = Flops == 0 ? null : Flops / seconds / 1e9,
        };
    }
}
