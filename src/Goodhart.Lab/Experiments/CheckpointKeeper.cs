using Goodhart.Lab.Runs;
using Goodhart.Models;

namespace Goodhart.Lab.Experiments;

/// <summary>Keeps two checkpoints of an arm: the nearest to the truth, or where that is unknown to the teacher, and the last.</summary>
/// <param name="folder">The run's.</param>
/// <param name="arm">The arm's folder in it; empty for a run of one.</param>
/// <param name="save">Writes a model and its tokenizer into a directory.</param>
sealed class CheckpointKeeper(RunFolder folder, string arm, Action<ICausalLm, string> save)
{
    double _lowest = double.PositiveInfinity;

    /// <summary>The nearest one's folder, relative to the run's; null before the first.</summary>
    public string? Best { get; private set; }

    /// <summary>The folder of the last one.</summary>
    public string? Last { get; private set; }

    /// <summary>Writes a checkpoint under a temporary name, renames it, and only then deletes the one that it replaces.</summary>
    public void Save(ICausalLm student, int step, double distance)
    {
        string name = (arm.Length == 0 ? "" : arm + "/") + $"checkpoint-{step}", path = folder.PathOf(arm, $"checkpoint-{step}"), temporary = path + ".tmp";
        save(student, temporary);
        Directory.Move(temporary, path);

        (string? best, string? last) = (Best, Last);
        Last = name;
        if (distance < _lowest)
            (_lowest, Best) = (distance, name);
        foreach (string? old in new[] { best, last }.Distinct())
        {
            if (old is not null && old != Best && old != Last)
                Directory.Delete(folder.PathOf(old.Split('/')), recursive: true);
        }
    }
}
