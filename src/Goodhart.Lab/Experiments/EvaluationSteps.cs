namespace Goodhart.Lab.Experiments;

/// <summary>The steps after which distances are measured.</summary>
public static class EvaluationSteps
{
    /// <summary>0, then <paramref name="points"/> steps spread evenly over the logarithm, the last of them <paramref name="maxSteps"/>.</summary>
    /// <remarks>Neighbours that round to the same step are one: short runs have fewer points.</remarks>
    public static IReadOnlyList<int> LogSpaced(int maxSteps, int points)
    {
        SortedSet<int> steps = [0, maxSteps];
        for (int i = 0; i < points; i++)
            steps.Add((int)Math.Round(Math.Pow(maxSteps, (i + 1.0) / points)));
        return [.. steps];
    }
}
