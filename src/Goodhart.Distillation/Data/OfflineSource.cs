using Goodhart.Engine.Randomness;

namespace Goodhart.Distillation.Data;

/// <summary>Examples drawn once before training and revisited every epoch.</summary>
/// <param name="examples">At least one.</param>
/// <param name="rng">Decides the order of each epoch.</param>
public sealed class OfflineSource(IReadOnlyList<Example> examples, Rng rng) : IExampleSource
{
    readonly PromptOrder _order = new(examples.Count, rng);

    /// <inheritdoc/>
    public Ledger Ledger { get; } = new();

    /// <inheritdoc/>
    public SourceState State
    {
        get => new() { Visits = _order.Visits, Ledger = Ledger.State };
        set => (_order.Visits, Ledger.State) = (value.Visits, value.Ledger!);
    }

    /// <inheritdoc/>
    public IReadOnlyList<Example> Next(int count)
    {
        Example[] drawn = [.. Enumerable.Range(0, count).Select(_ => examples[_order.Next()])];
        foreach (Example example in drawn)
            Ledger.Add(example);
        return drawn;
    }
}
