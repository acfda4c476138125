using Goodhart.Lab.Oracle;
using Goodhart.Lab.Runs;
using Goodhart.Models;

namespace Goodhart.Lab.Experiments;

/// <summary>Keeps two checkpoints of an arm: the one of lowest golden, and the last.</summary>
sealed class CheckpointKeeper(RunFolder folder, string arm, OracleModel oracle)
{
    double _lowest = double.PositiveInfinity;

    /// <summary>The folder of lowest golden, relative to the run's; null before the first.</summary>
    public string? Best { get; private set; }

    /// <summary>The folder of the last one.</summary>
    public string? Last { get; private set; }

    /// <summary>Writes a checkpoint under a temporary name, renames it, and only then deletes the one that it replaces.</summary>
    public void Save(ICausalLm student, int step, double golden)
    {
        string name = $"{arm}/checkpoint-{step}", path = folder.PathOf(arm, $"checkpoint-{step}"), temporary = path + ".tmp";
        oracle.Save(student, temporary);
        Directory.Move(temporary, path);

        (string? best, string? last) = (Best, Last);
        Last = name;
        if (golden < _lowest)
            (_lowest, Best) = (golden, name);
        foreach (string? old in new[] { best, last }.Distinct())
        {
            if (old is not null && old != Best && old != Last)
                Directory.Delete(folder.PathOf(old.Split('/')), recursive: true);
        }
    }
}
