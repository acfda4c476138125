using Goodhart.Engine.Tests.Contract;

namespace Goodhart.Engine.Tests.Reference;

/// <summary>The weighted sum of scalars.</summary>
sealed class WeightedSumReference : IOpReference
{
    public IEnumerable<OpCase> Cases() =>
    [
        new("Sum of terms", "one", [new("a", new(1, 1))], (tape, input) => tape.Sum([(input[0], 2)]), input => [2 * input[0][0]]),
        new(
            "Sum of terms", "three",
            [new("a", new(1, 1)), new("b", new(1, 1)), new("c", new(1, 1))],
            (tape, input) => tape.Sum([(input[0], 0.5f), (input[1], -2), (input[2], 0.125f)]),
            input => [0.5 * input[0][0] - 2 * input[1][0] + 0.125 * input[2][0]]),
    ];
}
