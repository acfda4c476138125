using Goodhart.Engine.Autograd;
using Goodhart.Engine.Tensors;
using Goodhart.Engine.Threading;

namespace Goodhart.Cli.Benchmarks;

/// <summary>Which of a linear layer's three products.</summary>
enum Product
{
    /// <summary>y = x transpose(W).</summary>
    Forward,

    /// <summary>dx += dy W.</summary>
    InputGradient,

    /// <summary>dW += transpose(dy) x.</summary>
    WeightGradient,
}

/// <summary>One product of a linear layer, packing included as far as a step of training or of generation has it.</summary>
/// <param name="shape">Where it occurs.</param>
/// <param name="rows">N of x [N, in].</param>
/// <param name="inputs">in.</param>
/// <param name="outputs">out of W [out, in].</param>
/// <param name="product">Which product.</param>
/// <param name="threads">How many.</param>
sealed class MatMulCase(string shape, int rows, int inputs, int outputs, Product product, int threads) : IBenchCase
{
    /// <summary>Rows up to which this is a step of generation, whose weights stay packed.</summary>
    public const int MostInDecoding = 32;

    public string Name => $"{shape}-{Suffix}-{threads}";

    public string Group => "matmul";

    /// <summary>Products of at least 512 a side: 85 % of one core, 80 % of two. Of more cores nothing is asked.</summary>
    public Target? Target => Math.Min(rows, Math.Min(inputs, outputs)) < 512 ? null : threads switch
    {
        1 => new Target(PeakShare: 0.85),
        2 => new Target(PeakShare: 0.80),
        _ => null,
    };

    string Suffix => product switch { Product.Forward => "y", Product.InputGradient => "dx", _ => "dw" };

    public BenchRow Measure(OpProfile? profile)
    {
        using Workers workers = new(threads) { Profile = profile ?? new OpProfile() };
        Tensor x = Matrix(rows, inputs, product == Product.InputGradient), w = Matrix(outputs, inputs, product == Product.WeightGradient);
        Tape tape = new(workers, recording: product != Product.Forward) { KeepsPackedWeights = rows <= MostInDecoding };
        double seconds = product == Product.Forward
            ? Timing.Shortest(tape.Reset, () => tape.Linear(x, w))
            : Timing.ShortestBackward(() => tape.Linear(x, w), tape, workers.Profile!);
        double gflops = 2.0 * rows * inputs * outputs / seconds / 1e9;
        return new BenchRow
        {
            Case = Name,
            Group = Group,
            What = $"[{rows}, {inputs}] x [{inputs}, {outputs}]",
            Threads = threads,
            Gflops = gflops,
        };
    }

    static Tensor Matrix(int rows, int columns, bool isTrained)
    {
        Tensor matrix = new ParameterSet([("matrix", new[] { rows, columns })], isTrained)["matrix"];
        for (int i = 0; i < matrix.Data.Length; i++)
            matrix.Data[i] = (i % 17 - 8) / 16f;
        return matrix;
    }
}
