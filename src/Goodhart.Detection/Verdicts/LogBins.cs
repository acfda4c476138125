using Goodhart.Detection.Curves;

namespace Goodhart.Detection.Verdicts;

/// <summary>Thins a long curve to points evenly spaced in log-time, so that its dense end does not outvote the rest.</summary>
static class LogBins
{
    const int MaxPoints = 128;

    /// <summary>The points themselves when they are few; otherwise one mean point a bin. A point at step 0 stays.</summary>
    public static IReadOnlyList<CurvePoint> Thin(IReadOnlyList<CurvePoint> points)
    {
        if (points.Count <= MaxPoints)
            return points;

        double first = points.First(point => point.Step > 0).Step;
        double width = Math.Log(points[^1].Step / first) / MaxPoints;
        return
        [
            .. points
                .GroupBy(point => point.Step <= 0 ? -1 : Math.Min((int)(Math.Log(point.Step / first) / width), MaxPoints - 1))
                .Select(bin => Mean([.. bin])),
        ];
    }

    /// <remarks>
    /// The standard error is not divided by the root of the number: neighbours share their prompts, so their errors do
    /// not average out.
    /// </remarks>
    static CurvePoint Mean(CurvePoint[] bin) => bin.Length == 1 ? bin[0] : new CurvePoint(
        bin.Average(point => point.Step),
        bin.Average(point => point.Proxy),
        bin.Average(point => point.ProxyStdErr),
        bin.Average(point => point.Golden),
        bin.Average(point => point.GoldenStdErr),
        bin.Average(point => point.TrainProxy));
}
