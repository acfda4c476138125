namespace Goodhart.Models.Checkpoints;

/// <summary>What somebody who wrote a name that does not exist probably meant.</summary>
public static class NearestName
{
    // Bounds the time that a hostile file can cost.
    const int MaxLength = 200;
    const int MaxCandidates = 20_000;

    /// <summary>The name with the fewest edits, or null when none is close enough to be taken for a slip.</summary>
    public static string? Find(string name, IEnumerable<string> known) =>
        Ranked(name, known).Where(near => near.Edits <= Math.Max(1, (name.Length + 1) / 3)).Select(near => near.Name).FirstOrDefault();

    /// <summary>Up to <paramref name="count"/> names, however far, the nearest first.</summary>
    public static IEnumerable<string> FindSome(string name, IEnumerable<string> known, int count = 3) =>
        Ranked(name, known).Take(count).Select(near => near.Name);

    static IEnumerable<(string Name, int Edits)> Ranked(string name, IEnumerable<string> known) => known
        .Where(candidate => Math.Max(candidate.Length, name.Length) <= MaxLength)
        .Take(MaxCandidates)
        .Select(candidate => (Name: candidate, Edits: Edits(name, candidate)))
        .OrderBy(near => near.Edits)
        .ThenBy(near => near.Name, StringComparer.Ordinal);

    /// <summary>Insertions, deletions, substitutions and swaps of neighbours.</summary>
    static int Edits(string a, string b)
    {
        int[,] edits = new int[a.Length + 1, b.Length + 1];
        for (int i = 0; i <= a.Length; i++)
            edits[i, 0] = i;
        for (int j = 0; j <= b.Length; j++)
            edits[0, j] = j;

        for (int i = 1; i <= a.Length; i++)
        {
            for (int j = 1; j <= b.Length; j++)
            {
                int substitute = edits[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                edits[i, j] = Math.Min(substitute, 1 + Math.Min(edits[i - 1, j], edits[i, j - 1]));
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    edits[i, j] = Math.Min(edits[i, j], edits[i - 2, j - 2] + 1);
            }
        }

        return edits[a.Length, b.Length];
    }
}
