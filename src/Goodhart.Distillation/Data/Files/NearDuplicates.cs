namespace Goodhart.Distillation.Data.Files;

/// <summary>Held-out prompts that a training prompt almost repeats, which would make a student look better than it is.</summary>
public static class NearDuplicates
{
    const int Run = 5;
    const double Share = 0.8;

    /// <summary>Pairs of a held-out and a training line whose prompts share 80% of their runs of five words; one pair a held-out line.</summary>
    /// <param name="file">The data.</param>
    /// <param name="split">Its parts.</param>
    public static IReadOnlyList<(int HeldOut, int Training)> Find(DataFile file, DataSplit split)
    {
        Dictionary<string, List<int>> linesOf = [];
        Dictionary<int, int> sizes = [];
        foreach (int line in split.HeldOut)
        {
            HashSet<string> runs = Runs(file[line].Key);
            sizes[line] = runs.Count;
            foreach (string run in runs)
                (linesOf.TryGetValue(run, out List<int>? lines) ? lines : linesOf[run] = []).Add(line);
        }

        Dictionary<int, int> found = [];
        foreach (int line in split.Training)
        {
            HashSet<string> runs = Runs(file[line].Key);
            foreach (IGrouping<int, int> shared in runs.SelectMany(run => linesOf.GetValueOrDefault(run, [])).GroupBy(heldOut => heldOut))
            {
                if (shared.Count() >= Share * (runs.Count + sizes[shared.Key] - shared.Count()))
                    found.TryAdd(shared.Key, line);
            }
        }

        return [.. found.OrderBy(pair => pair.Key).Select(pair => (pair.Key, pair.Value))];
    }

    static HashSet<string> Runs(string prompt)
    {
        List<string> words = PromptWords.Of(prompt);
        return [.. Enumerable.Range(0, Math.Max(0, words.Count - Run + 1)).Select(at => string.Join(' ', words.GetRange(at, Run)))];
    }
}
