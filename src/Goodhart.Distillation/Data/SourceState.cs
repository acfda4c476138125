namespace Goodhart.Distillation.Data;

/// <summary>Where a source stands. Its random streams follow from seed and name, so that a count says where they are.</summary>
public sealed record SourceState
{
    /// <summary>Places in the order of prompts or examples that have been passed.</summary>
    public long Visits { get; init; }

    /// <summary>Examples that the source holds on to, such as those written ahead. Default none.</summary>
    public IReadOnlyList<Example> Held { get; init; } = [];

    /// <summary>What has been drawn; null for a source that counts in the ledger of another.</summary>
    public LedgerState? Ledger { get; init; }

    /// <summary>The states of the sources that it draws from. Default none.</summary>
    public IReadOnlyList<SourceState> Inner { get; init; } = [];
}
