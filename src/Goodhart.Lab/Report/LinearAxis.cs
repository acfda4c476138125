namespace Goodhart.Lab.Report;

/// <summary>Equal distances for equal differences, with a little room at both ends.</summary>
sealed class LinearAxis : Axis
{
    const double Room = 0.06;
    readonly double _low, _high;

    public LinearAxis(IEnumerable<double> values)
    {
        double low = double.PositiveInfinity, high = double.NegativeInfinity;
        foreach (double value in values)
            (low, high) = (Math.Min(low, value), Math.Max(high, value));

        bool isFlat = high - low <= 1e-6 * Math.Max(1, Math.Abs(high));
        double span = isFlat ? Math.Max(1e-3, Math.Abs(high) * 0.2) : high - low;
        (_low, _high) = (low - Room * span, high + Room * span);
        Ticks = RoundNumbers(_low, _high);
    }

    public override IReadOnlyList<Tick> Ticks { get; }

    public override double Share(double value) => (value - _low) / (_high - _low);
}
