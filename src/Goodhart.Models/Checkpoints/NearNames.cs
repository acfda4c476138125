namespace Goodhart.Models.Checkpoints;

/// <summary>Finds the names most like one that does not exist.</summary>
static class NearNames
{
    // Bounds the time that a hostile file can cost.
    const int MaxLength = 200;
    const int MaxCandidates = 20_000;

    const int Count = 3;

    /// <summary>Up to three candidates, nearest first, by edit distance.</summary>
    public static IEnumerable<string> Of(string name, IEnumerable<string> candidates) =>
        candidates
            .Where(candidate => Math.Max(candidate.Length, name.Length) <= MaxLength)
            .Take(MaxCandidates)
            .OrderBy(candidate => Distance(name, candidate))
            .ThenBy(candidate => candidate, StringComparer.Ordinal)
            .Take(Count);

    static int Distance(string from, string to)
    {
        int[] previous = [.. Enumerable.Range(0, to.Length + 1)];
        int[] current = new int[to.Length + 1];
        for (int i = 1; i <= from.Length; i++)
        {
            current[0] = i;
            for (int j = 1; j <= to.Length; j++)
            {
                int replace = previous[j - 1] + (from[i - 1] == to[j - 1] ? 0 : 1);
                current[j] = Math.Min(replace, Math.Min(previous[j], current[j - 1]) + 1);
            }

            (previous, current) = (current, previous);
        }

        return previous[to.Length];
    }
}
