using Goodhart.Engine.Tests.Contract;

namespace Goodhart.Engine.Tests.Reference;

/// <summary>scale times the sum of x.</summary>
sealed class SumReference : IOpReference
{
    const float Scale = 0.25f;

    public IEnumerable<OpCase> Cases() => Sizes.Widths.Select(columns => new OpCase(
        "Sum", $"[3, {columns}]",
        [new("x", new(3, columns))],
        (tape, input) => tape.Sum(input[0], Scale),
        input => [Scale * input[0].Sum()]));
}
