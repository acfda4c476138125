namespace Goodhart.Distillation.Data;

/// <summary>Where the examples of each step come from.</summary>
public interface IExampleSource
{
    /// <summary>What has been drawn so far.</summary>
    Ledger Ledger { get; }

    /// <summary>The next examples.</summary>
    IReadOnlyList<Example> Next(int count);
}
