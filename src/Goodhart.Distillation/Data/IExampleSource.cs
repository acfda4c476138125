namespace Goodhart.Distillation.Data;

/// <summary>Where the examples of each step come from.</summary>
public interface IExampleSource
{
    /// <summary>What has been drawn so far.</summary>
    Ledger Ledger { get; }

    /// <summary>Where it stands: store it, and set it on a source made in the same way to go on from there.</summary>
    SourceState State { get; set; }

    /// <summary>The next examples.</summary>
    IReadOnlyList<Example> Next(int count);
}
