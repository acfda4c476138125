using Goodhart.Engine.Autograd;
using Goodhart.Engine.Tensors;
using Goodhart.Engine.Threading;

namespace Goodhart.Cli.Benchmarks;

/// <summary>One op of the tape, forward or backward, without a model around it.</summary>
/// <param name="Name">The op, and "-back" for its backward pass.</param>
/// <param name="Rows">N: what a step of a small model has.</param>
/// <param name="Floats">Floats that it has to read or write for a row, each operand once.</param>
/// <param name="Flops">Of a row, where arithmetic is what it costs; otherwise 0.</param>
/// <param name="IsBackward">Which pass.</param>
/// <param name="Threads">How many.</param>
/// <param name="Inputs">Columns of each input; all are trained.</param>
/// <param name="Op">From a tape and the inputs to an output.</param>
sealed record OpCase(
    string Name, int Rows, double Floats, double Flops, bool IsBackward, int Threads, int[] Inputs, Func<Tape, Tensor[], Tensor> Op) : IBenchCase
{
    public string Group => "op";

    public BenchRow Measure(Ceilings ceilings, OpProfile? profile)
    {
        using Workers workers = new(Threads) { Profile = profile ?? new OpProfile() };
        ParameterSet inputs = new(Inputs.Select((columns, i) => ($"input {i}", new[] { Rows, columns })), trainable: true);
        for (int i = 0; i < inputs.Values.Length; i++)
            inputs.Values[i] = (i % 31 - 15) / 8f;
        Tensor[] tensors = [.. Enumerable.Range(0, Inputs.Length).Select(i => inputs[$"input {i}"])];
        Tape tape = new(workers);
        double seconds = IsBackward
            ? Timing.ShortestBackward(() => tape.Sum(Op(tape, tensors)), tape, workers.Profile!)
            : Timing.Shortest(tape.Reset, () => Op(tape, tensors));
        double gigabytes = Floats * sizeof(float) * Rows / seconds / 1e9, gflops = Flops * Rows / seconds / 1e9;
        return new BenchRow
        {
            Case = Name,
            Group = Group,
            What = $"{Rows} rows of {string.Join(", ", Inputs)}",
            GigabytesPerSecond = gigabytes,
            Gflops = Flops == 0 ? null : gflops,
            PeakShare = Flops == 0 ? gigabytes / ceilings.GigabytesPerSecond : gflops / ceilings.Gflops,
        };
    }
}
