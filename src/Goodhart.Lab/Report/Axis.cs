namespace Goodhart.Lab.Report;

/// <summary>Maps values to a share of an axis, 0 to 1, and knows where its ticks are.</summary>
abstract class Axis
{
    public abstract IReadOnlyList<double> Ticks { get; }

    public abstract double Share(double value);

    /// <summary>Round numbers between two values, between three and seven of them.</summary>
    protected static IReadOnlyList<double> RoundNumbers(double low, double high)
    {
        double rough = (high - low) / 5, power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        double step = new[] { 1, 2, 2.5, 5, 10 }.First(factor => factor * power >= rough * 0.999) * power;
        long first = (long)Math.Ceiling(low / step - 1e-9), last = (long)Math.Floor(high / step + 1e-9);
        return [.. Enumerable.Range(0, (int)(last - first) + 1).Select(i => Math.Round((first + i) * step, 12))];
    }
}
