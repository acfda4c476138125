namespace Goodhart.Lab.Report;

/// <summary>Equal distances for equal ratios. Zero, where wanted, stands apart at the low end.</summary>
sealed class LogAxis : Axis
{
    const double ZeroGap = 0.07, Smallest = 1e-30, WidestRatio = 1e12;
    const int MaxTicks = 7;

    // From sparse to dense; the first that gives enough ticks wins.
    static readonly double[][] Mantissas = [[1], [1, 3], [1, 2, 5], [1, 1.5, 2, 3, 4, 6, 8]];

    readonly double _low, _high, _start;

    /// <param name="values">Positive ones set the range; zero and what is as good as zero are ignored.</param>
    /// <param name="room">Widens the range at both ends by this share.</param>
    /// <param name="withZero">Keeps a place for 0 left of the smallest value.</param>
    public LogAxis(IEnumerable<double> values, double room, bool withZero)
    {
        double low = double.PositiveInfinity, high = 0;
        foreach (double value in values.Where(value => value > Smallest))
            (low, high) = (Math.Min(low, value), Math.Max(high, value));

        if (high == 0)
            (low, high) = (1, 10);
        low = Math.Max(low, high / WidestRatio);
        if (high < low * 1.02)
            (low, high) = (low / 1.1, high * 1.1);

        double widen = Math.Pow(high / low, room);
        (_low, _high, _start) = (low / widen, high * widen, withZero ? ZeroGap : 0);
        Ticks = [.. withZero ? [new Tick(0, "0")] : Array.Empty<Tick>(), .. TicksBetween(_low, _high)];
    }

    public override IReadOnlyList<Tick> Ticks { get; }

    public override double Share(double value) => value <= 0
        ? 0
        : Math.Max(0, _start + (1 - _start) * Math.Log(value / _low) / Math.Log(_high / _low));

    static IReadOnlyList<Tick> TicksBetween(double low, double high)
    {
        if (high < low * 3)
            return RoundNumbers(low, high);

        int first = (int)Math.Floor(Math.Log10(low)), last = (int)Math.Ceiling(Math.Log10(high));
        Tick[] ticks = [];
        foreach (double[] mantissas in Mantissas.TakeWhile(_ => ticks.Length < 3))
        {
            ticks =
            [
                .. from power in Enumerable.Range(first, last - first + 1)
                   from mantissa in mantissas
                   let value = mantissa * Math.Pow(10, power)
                   where value >= low * 0.999 && value <= high * 1.001
                   select new Tick(value, Numbers.Tick(value)),
            ];
        }

        int stride = (ticks.Length + MaxTicks - 1) / MaxTicks;
        return [.. ticks.Where((_, i) => i % stride == 0)];
    }
}
