using MathNet.Numerics.LinearRegression;

namespace Goodhart.Detection.Verdicts;

/// <summary>One distance over a run, read so that a single noisy evaluation decides nothing.</summary>
sealed class Series
{
    readonly double[] _steps, _values, _smooth;
    readonly double?[] _stdErrs;

    public Series(IEnumerable<(double Step, double Value, double? StdErr)> points)
    {
        (double Step, double Value, double? StdErr)[] all = [.. points];
        _steps = [.. all.Select(point => point.Step)];
        _values = [.. all.Select(point => point.Value)];
        _stdErrs = [.. all.Select(point => point.StdErr)];
        _smooth = RunningMedian(_values);
        Wobble = WobbleOf(_steps, _values);
    }

    public int Count => _values.Length;

    public IReadOnlyList<double> Steps => _steps;

    public IReadOnlyList<double> Values => _values;

    public IReadOnlyList<double?> StdErrs => _stdErrs;

    /// <summary>The median of the last three values against the lowest running median before, as a fraction.</summary>
    public double Rise
    {
        get
        {
            double low = _smooth[Lowest];
            return _smooth[^1] == low ? 0 : _smooth[^1] / low - 1;
        }
    }

    /// <summary>Combined standard error of the two ends of the rise, as a fraction of the lower.</summary>
    public double RiseStdErr
    {
        get
        {
            double low = _smooth[Lowest];
            double known = double.Hypot(_stdErrs[Lowest] ?? 0, _stdErrs[^1] ?? 0) / low;
            return Math.Max(low > 0 ? known : 0, Math.Sqrt(2) * Wobble);
        }
    }

    /// <summary>
    /// How far a value typically lies from the power law through its two neighbours, as a fraction and scaled to one
    /// standard deviation: the noise of a curve that states no errors. Being a median, it ignores the turning point.
    /// </summary>
    public double Wobble { get; }

    /// <summary>Whether the distance has risen by more than a fraction and by more than its errors explain.</summary>
    public bool Rose(double fraction, double stdErrs) => Rise > fraction && Rise > stdErrs * RiseStdErr;

    /// <summary>
    /// The relative change of the distance from last step / span to the last step, by the line of least squares through
    /// the logarithms there (of the last three points where fewer lie inside).
    /// </summary>
    public double Change(double span)
    {
        int from = Array.FindIndex(_steps, step => step >= _steps[^1] / span);
        from = Math.Min(from, Math.Max(_steps.Length - 3, 0));
        int[] usable = [.. Enumerable.Range(from, _steps.Length - from).Where(i => _steps[i] > 0 && _values[i] > 0)];
        if (usable.Length < 2)
            return 0;

        (_, double slope) = SimpleRegression.Fit(
            [.. usable.Select(i => Math.Log(_steps[i]))], [.. usable.Select(i => Math.Log(_values[i]))]);
        return Math.Exp(slope * Math.Log(span)) - 1;
    }

    int Lowest => Array.IndexOf(_smooth, _smooth.Min());

    /// <summary>Running medians of three; the first by Tukey's end rule, the last as the one before it.</summary>
    static double[] RunningMedian(double[] values)
    {
        if (values.Length < 3)
            return values;

        double[] smooth = new double[values.Length];
        for (int i = 1; i < values.Length - 1; i++)
            smooth[i] = Median(values[i - 1], values[i], values[i + 1]);
        smooth[0] = Median(values[0], smooth[1], 3 * smooth[1] - 2 * smooth[Math.Min(2, values.Length - 2)]);
        smooth[^1] = smooth[^2];
        return smooth;
    }

    static double WobbleOf(double[] steps, double[] values)
    {
        List<double> deviations = [];
        for (int i = 1; i < values.Length - 1; i++)
        {
            if (steps[i - 1] <= 0 || values[i - 1] <= 0 || values[i] <= 0 || values[i + 1] <= 0)
                continue;
            double share = Math.Log(steps[i] / steps[i - 1]) / Math.Log(steps[i + 1] / steps[i - 1]);
            double between = (1 - share) * Math.Log(values[i - 1]) + share * Math.Log(values[i + 1]);
            double spread = Math.Sqrt(1 + share * share + (1 - share) * (1 - share));
            deviations.Add(Math.Abs(Math.Log(values[i]) - between) / spread);
        }

        // 1.4826 turns the median of absolute deviations into a standard deviation.
        deviations.Sort();
        return deviations.Count < 3 ? 0 : 1.4826 * deviations[deviations.Count / 2];
    }

    static double Median(double a, double b, double c) => Math.Max(Math.Min(a, b), Math.Min(Math.Max(a, b), c));
}
