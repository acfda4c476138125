using Goodhart.Engine.Tests.Contract;

namespace Goodhart.Engine.Tests.Reference;

/// <summary>y[n] = weight[ids[n]], row by row.</summary>
sealed class EmbeddingReference : IOpReference
{
    /// <summary>Some more than once, one never, the first and the last.</summary>
    static readonly int[] Ids = [4, 0, 2, 4, 1, 4, 0];

    public IEnumerable<OpCase> Cases() => Sizes.Widths.Select(columns => new OpCase(
        "Embedding", $"[5, {columns}], 7 ids",
        [new("weight", new(5, columns))],
        (tape, input) => tape.Embedding(input[0], Ids),
        input => [.. Ids.SelectMany(id => input[0].Skip(id * columns).Take(columns))]));
}
