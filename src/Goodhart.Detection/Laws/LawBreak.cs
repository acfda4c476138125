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
        double[] x = [.. lawful.Select(i => steps[i])], y = [.. lawful.Select(i => distances[i])];
        double[] errors = [.. lawful.Select(i => (stdErrs[i] ?? 0) / distances[i])];

        LawReading? kept = null;
        foreach (int early in EarlyCounts(x, rule))
        {
            LawReading? reading = Read(x, y, errors, early, rule);
            if (reading?.DepartureStep is not null)
                return reading;
            kept ??= reading;
        }

        return kept;
    }

    static LawReading? Read(double[] steps, double[] distances, double[] errors, int early, LawBreakRule rule)
    {
        var profile = new OffsetProfile(new LogWindow(steps[..early], distances[..early]));
        FittedLaw law = LawFit.Best(profile);
        if (law.Law.Exponent <= 0)
            return null;

        Predicate<int> isAbove = AboveAllLaws(profile, steps, distances, Median(errors[..early]), rule);
        for (int i = early, run = 0; i < steps.Length; i++)
        {
            run = isAbove(i) ? run + 1 : 0;
            if (run == rule.Running)
                return new LawReading(law, steps[i - run + 1]);
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

    /// <summary>Window lengths, longest first: a bend inside a long window hides from it, but not from a shorter one.</summary>
    static IEnumerable<int> EarlyCounts(double[] steps, LawBreakRule rule) => steps.Length == 0
        ? []
        : rule.EarlyFractions
            .Select(fraction => Math.Log(steps[^1] / steps[0]) * fraction)
            .Select(span => Math.Max(steps.Count(step => Math.Log(step / steps[0]) <= span), rule.MinPoints))
            .Where(early => early <= steps.Length - rule.Running)
            .Distinct()
            .OrderDescending();

    static Predicate<int> AboveAllLaws(
        OffsetProfile profile, double[] steps, double[] distances, double known, LawBreakRule rule)
    {
        int freedom = Math.Max(profile.Window.Count - 3, 1);
        double sigma = Math.Max(Math.Sqrt(profile.Best.SquaredError / freedom), known);
        double reach = StudentT.InvCDF(0, 1, freedom, Normal.CDF(0, 1, rule.Sigmas));

        double worst = profile.Best.SquaredError + reach * reach * sigma * sigma;
        (PowerLaw Law, Func<double, double> Leverage)[] compatible =
        [
            .. profile.Grid.Append(profile.Best)
                .Where(fit => fit.SquaredError <= worst)
                .OrderByDescending(fit => fit.Law.Offset)
                .Select(fit => (fit.Law, profile.Window.Leverage(fit.Law))),
        ];

        return i => Array.TrueForAll(compatible, candidate =>
        {
            double leverage = candidate.Leverage(steps[i]);
            double band = reach * sigma * Math.Sqrt(1 + leverage * leverage);
            return Math.Log(distances[i] / candidate.Law.At(steps[i])) > Math.Max(band, Math.Log(1 + rule.MinExcess));
        });
    }

    static double Median(double[] values)
    {
        Array.Sort(values);
        return values[values.Length / 2];
    }
}
