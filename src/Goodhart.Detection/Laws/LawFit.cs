namespace Goodhart.Detection.Laws;

/// <summary>
/// Fits m(t) = a t^(-b) + c by least squares of log m, so that a scatter of so many per cent counts the same early
/// and late.
/// </summary>
public static class LawFit
{
    /// <summary>The two-parameter law, c = 0: a straight line in log-log.</summary>
    /// <param name="steps">Positive and strictly increasing; at least three.</param>
    /// <param name="distances">Positive; one a step.</param>
    public static FittedLaw WithoutOffset(IReadOnlyList<double> steps, IReadOnlyList<double> distances)
    {
        var window = new LogWindow(steps, distances);
        return Describe(window, window.FitAt(0), parameters: 2);
    }

    /// <summary>The three-parameter law, c at least 0 and below every distance.</summary>
    /// <param name="steps">Positive and strictly increasing; at least four.</param>
    /// <param name="distances">Positive; one a step.</param>
    public static FittedLaw WithOffset(IReadOnlyList<double> steps, IReadOnlyList<double> distances)
    {
        var window = new LogWindow(steps, distances);
        return Describe(window, BestOffset(window), parameters: 3);
    }

    /// <summary>Whichever of the two has the lower information criterion; the simpler one where few points leave no choice.</summary>
    /// <param name="steps">Positive and strictly increasing; at least three.</param>
    /// <param name="distances">Positive; one a step.</param>
    public static FittedLaw Best(IReadOnlyList<double> steps, IReadOnlyList<double> distances)
    {
        FittedLaw line = WithoutOffset(steps, distances);
        if (steps.Count < 6)
            return line;
        FittedLaw bent = WithOffset(steps, distances);
        return bent.Aicc < line.Aicc ? bent : line;
    }

    /// <summary>The squared error as a function of c can have two valleys, so a grid comes before golden sections.</summary>
    internal static OffsetFit BestOffset(LogWindow window)
    {
        OffsetFit[] grid = [.. window.OffsetGrid.Select(window.FitAt)];
        int best = Array.IndexOf(grid, grid.MinBy(fit => fit.SquaredError));
        double low = grid[Math.Max(best - 1, 0)].Law.Offset, high = grid[Math.Min(best + 1, grid.Length - 1)].Law.Offset;

        const double Section = 0.6180339887498949;
        for (int i = 0; i < 50; i++)
        {
            double left = high - Section * (high - low), right = low + Section * (high - low);
            if (window.FitAt(left).SquaredError < window.FitAt(right).SquaredError)
                high = right;
            else
                low = left;
        }

        OffsetFit found = window.FitAt((low + high) / 2);
        return found.SquaredError < grid[best].SquaredError ? found : grid[best];
    }

    static FittedLaw Describe(LogWindow window, OffsetFit fit, int parameters)
    {
        int n = window.Count, k = parameters + 1;
        double sigma = Math.Sqrt(fit.SquaredError / Math.Max(n - parameters, 1));

        // Below one part in 10^10 both forms are exact, and rounding must not choose between them.
        double error = Math.Max(fit.SquaredError / n, 1e-20);
        double aicc = n * Math.Log(error) + 2 * k + 2.0 * k * (k + 1) / Math.Max(n - k - 1, 1);
        return new FittedLaw(fit.Law, window.FirstStep, window.LastStep, n, sigma, aicc);
    }
}
