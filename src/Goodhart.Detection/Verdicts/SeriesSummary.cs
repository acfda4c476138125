namespace Goodhart.Detection.Verdicts;

/// <summary>One distance over a run, in plain numbers as measured.</summary>
/// <param name="First">The first value.</param>
/// <param name="Min">The lowest value.</param>
/// <param name="MinStep">The step of the lowest value; the earliest of equals.</param>
/// <param name="Last">The last value.</param>
/// <param name="Rise">(Last - Min) / Min; 0 when they are equal, infinite when only Min is 0.</param>
public sealed record SeriesSummary(double First, double Min, double MinStep, double Last, double Rise)
{
    internal static SeriesSummary Of(IReadOnlyList<(double Step, double Value)> series)
    {
        (double minStep, double min) = series.MinBy(point => point.Value);
        double last = series[^1].Value;
        return new SeriesSummary(series[0].Value, min, minStep, last, last == min ? 0 : (last - min) / min);
    }
}
