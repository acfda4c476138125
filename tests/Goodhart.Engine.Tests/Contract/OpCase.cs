using Goodhart.Engine.Autograd;
using Goodhart.Engine.Tensors;

namespace Goodhart.Engine.Tests.Contract;

/// <summary>One op at one shape: how a tape runs it, and what it should give.</summary>
/// <param name="Op">The op's name.</param>
/// <param name="At">The shape and options, for messages.</param>
/// <param name="Inputs">What it reads; filled with random numbers.</param>
/// <param name="Run">The op on a tape.</param>
/// <param name="Reference">The op in plain double arithmetic: the values of the inputs in, those of the output out.</param>
sealed record OpCase(
    string Op, string At, IReadOnlyList<OpInput> Inputs, Func<Tape, Tensor[], Tensor> Run, Func<double[][], double[]> Reference)
{
    public string Name => $"{Op} {At}";

    /// <summary>Whether the output is a loss that wants to be differentiated itself, not a weighted sum of it.</summary>
    public bool IsLoss { get; init; }
}

/// <summary>One argument of an op.</summary>
/// <param name="Name">As the op calls it.</param>
/// <param name="Shape">Rows and columns.</param>
sealed record OpInput(string Name, Shape Shape)
{
    /// <summary>Standard deviation of the random values.</summary>
    public double Scale { get; init; } = 1;

    /// <summary>Whether the op computes no gradient for it, as for a teacher's logits.</summary>
    public bool IsConstant { get; init; }
}

/// <summary>The specification of an op; each class that implements it is found and tried.</summary>
interface IOpReference
{
    IEnumerable<OpCase> Cases();
}
