namespace Goodhart.Lab.Report;

/// <summary>Equal distances for equal ratios. Zero, where wanted, stands apart at the low end.</summary>
sealed class LogAxis : Axis
{
    const double ZeroGap = 0.07;

    // Mantissas from sparse to dense; the first that gives enough ticks wins.
    static readonly double[][] Mantissas = [[1], [1, 3], [1, 2, 5], [1, 1.5, 2, 3, 4, 6, 8]];

    readonly double _low, _high, _start;

    /// <param name="values">Positive ones set the range; others are ignored.</param>
    /// <param name="room">Widens the range at both ends by this share.</param>
    /// <param name="withZero">Keeps a place for 0 left of the smallest value.</param>
    public LogAxis(IEnumerable<double> values, double room, bool withZero)
    {
        double low = double.PositiveInfinity, high = 0;
        foreach (double value in values.Where(value => value > 0))
            (low, high) = (Math.Min(low, value), Math.Max(high, value));

        if (high == 0)
            (low, high) = (1, 10);
        if (high < low * 1.02)
            (low, high) = (low / 1.1, high * 1.1);

        double widen = Math.Pow(high / low, room);
        (_low, _high, _start) = (low / widen, high * widen, withZero ? ZeroGap : 0);
        Ticks = [.. withZero ? [0] : Array.Empty<double>(), .. TicksBetween(_low, _high)];
    }

    public override IReadOnlyList<double> Ticks { get; }

    public override double Share(double value) => value <= 0
        ? 0
        : _start + (1 - _start) * Math.Log(value / _low) / Math.Log(_high / _low);

    static IReadOnlyList<double> TicksBetween(double low, double high)
    {
        if (high < low * 3)
            return RoundNumbers(low, high);

        int first = (int)Math.Floor(Math.Log10(low)), last = (int)Math.Ceiling(Math.Log10(high));
        foreach (double[] mantissas in Mantissas)
        {
            double[] ticks =
            [
                .. from power in Enumerable.Range(first, last - first + 1)
                   from mantissa in mantissas
                   let tick = Math.Round(mantissa * Math.Pow(10, power), 12)
                   where tick >= low * 0.999 && tick <= high * 1.001
                   select tick,
            ];
            if (ticks.Length >= 3)
                return Thin(ticks);
        }

        return RoundNumbers(low, high);
    }

    static double[] Thin(double[] ticks) =>
        ticks.Length <= 7 ? ticks : [.. ticks.Where((_, i) => i % (1 + ticks.Length / 7) == 0)];
}
