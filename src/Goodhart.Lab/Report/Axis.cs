using System.Globalization;

namespace Goodhart.Lab.Report;

/// <summary>Maps values to a share of an axis, 0 to 1, and knows where its ticks are.</summary>
abstract class Axis
{
    static readonly double[] RoundFactors = [1, 2, 5, 10];

    public abstract IReadOnlyList<Tick> Ticks { get; }

    public abstract double Share(double value);

    /// <summary>Four to eight round numbers between two values, all with the same decimals.</summary>
    protected static IReadOnlyList<Tick> RoundNumbers(double low, double high)
    {
        double rough = (high - low) / 7, power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        double step = RoundFactors.First(factor => factor * power >= rough * 0.999) * power;
        int decimals = Math.Max(0, -(int)Math.Floor(Math.Log10(step) + 1e-9));
        double first = Math.Ceiling(low / step - 1e-9), last = Math.Floor(high / step + 1e-9);
        return
        [
            .. from i in Enumerable.Range(0, (int)(last - first) + 1)
               let value = (first + i) * step
               select new Tick(value, value.ToString($"N{decimals}", CultureInfo.InvariantCulture)),
        ];
    }
}

/// <summary>A value worth a mark on an axis, and how it is written there.</summary>
readonly record struct Tick(double Value, string Label);
