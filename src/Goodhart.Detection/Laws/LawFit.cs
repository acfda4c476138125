namespace Goodhart.Detection.Laws;

/// <summary>
/// Fits m(t) = a t^(-b) + c by least squares of log m, so that a scatter of so many per cent counts the same early
/// and late.
/// </summary>
public static class LawFit
{
    // With fewer, the correction of the information criterion has no degrees of freedom left.
    const int MinPointsForOffset = 6;

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
        var profile = new OffsetProfile(new LogWindow(steps, distances));
        return Describe(profile.Window, profile.Best, parameters: 3);
    }

    /// <summary>
    /// Whichever of the two has the lower information criterion; the simpler one of fewer than six points.
    /// </summary>
    /// <param name="steps">Positive and strictly increasing; at least three.</param>
    /// <param name="distances">Positive; one a step.</param>
    public static FittedLaw Best(IReadOnlyList<double> steps, IReadOnlyList<double> distances) =>
        Best(new OffsetProfile(new LogWindow(steps, distances)));

    internal static FittedLaw Best(OffsetProfile profile)
    {
        FittedLaw line = Describe(profile.Window, profile.Grid[0], parameters: 2);
        FittedLaw bent = Describe(profile.Window, profile.Best, parameters: 3);
        return profile.Window.Count >= MinPointsForOffset && bent.Aicc < line.Aicc ? bent : line;
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
