using MathNet.Numerics.Distributions;

namespace Goodhart.Detection.Laws;

/// <summary>What became of a curve's early law.</summary>
/// <param name="Early">The law of the early window.</param>
/// <param name="DepartureStep">The first of the evaluations that left it upwards; null while it is kept.</param>
public sealed record LawReading(FittedLaw Early, double? DepartureStep);

/// <summary>Fits a law to an early window of log-time and finds where the curve leaves it upwards.</summary>
public static class LawBreak
{
    /// <summary>Reads a curve; null when there are too few evaluations for a law and a look beyond it.</summary>
    /// <param name="steps">Strictly increasing; 0 may be first.</param>
    /// <param name="distances">Not negative; one a step.</param>
    /// <param name="stdErrs">Standard errors, one a step, null where unknown.</param>
    /// <param name="rule">When a departure counts.</param>
    /// <remarks>
    /// A floor that the window cannot exclude is no departure: an evaluation has to lie above the prediction bands of
    /// all laws a t^(-b) + c that the window is compatible with.
    /// </remarks>
    public static LawReading? Find(
        IReadOnlyList<double> steps, IReadOnlyList<double> distances, IReadOnlyList<double?> stdErrs, LawBreakRule rule)
    {
        ArgumentNullException.ThrowIfNull(rule);

        int[] lawful = Lawful(steps, distances, rule);
        int early = EarlyCount(lawful, steps, rule);
        if (early < rule.MinPoints || lawful.Length - early < rule.Running)
            return null;

        double[] x = [.. lawful.Select(i => steps[i])], y = [.. lawful.Select(i => distances[i])];
        FittedLaw law = LawFit.Best(x[..early], y[..early]);
        if (law.Law.Exponent <= 0)
            return null;

        var window = new LogWindow(x[..early], y[..early]);
        double known = Median([.. lawful.Take(early).Select(i => (stdErrs[i] ?? 0) / distances[i])]);
        Predicate<int> above = AboveAllLaws(window, x, y, known, rule);

        for (int i = early, run = 0; i < x.Length; i++)
        {
            run = above(i) ? run + 1 : 0;
            if (run == rule.Running)
                return new LawReading(law, x[i - run + 1]);
        }

        return new LawReading(law, null);
    }

    /// <summary>The evaluations a law can describe: after warm-up and the first plateau, and not zero.</summary>
    static int[] Lawful(IReadOnlyList<double> steps, IReadOnlyList<double> distances, LawBreakRule rule)
    {
        double begin = (1 - rule.StartFall) * distances[0];
        return
        [
            .. Enumerable.Range(0, steps.Count)
                .SkipWhile(i => steps[i] <= rule.WarmupSteps || distances[i] > begin)
                .Where(i => steps[i] > 0 && distances[i] > 0),
        ];
    }

    static int EarlyCount(int[] lawful, IReadOnlyList<double> steps, LawBreakRule rule)
    {
        if (lawful.Length == 0)
            return 0;
        double first = steps[lawful[0]], end = Math.Log(steps[lawful[^1]] / first) * rule.EarlyFraction;
        int inside = lawful.Count(i => Math.Log(steps[i] / first) <= end);
        return Math.Min(Math.Max(inside, rule.MinPoints), lawful.Length);
    }

    static Predicate<int> AboveAllLaws(LogWindow window, double[] steps, double[] distances, double known, LawBreakRule rule)
    {
        OffsetFit best = LawFit.BestOffset(window);
        int freedom = Math.Max(window.Count - 3, 1);
        double sigma = Math.Max(Math.Sqrt(best.SquaredError / freedom), known);
        double reach = StudentT.InvCDF(0, 1, freedom, Normal.CDF(0, 1, rule.Sigmas));

        double worst = best.SquaredError + reach * reach * sigma * sigma;
        PowerLaw[] compatible =
        [
            best.Law,
            .. window.OffsetGrid.Select(window.FitAt).Where(fit => fit.SquaredError <= worst).Select(fit => fit.Law),
        ];

        return i => compatible.All(law =>
        {
            double leverage = window.Leverage(law, steps[i]);
            double band = reach * sigma * Math.Sqrt(1 + leverage * leverage);
            return Math.Log(distances[i] / law.At(steps[i])) > Math.Max(band, Math.Log(1 + rule.MinExcess));
        });
    }

    static double Median(double[] values)
    {
        Array.Sort(values);
        return values[values.Length / 2];
    }
}
