using Goodhart.Detection.Curves;
using Goodhart.Detection.Laws;

namespace Goodhart.Detection.Verdicts;

/// <summary>A curve as the judges read it: plain summaries of every point, and series thinned in log-time.</summary>
sealed record Evidence(
    SeriesSummary ProxySummary, SeriesSummary? GoldenSummary, Series Proxy, Series? Golden, Series? Gap, LawReading? Reading)
{
    public static Evidence Of(Curve curve, LawBreakRule rule)
    {
        IReadOnlyList<CurvePoint> all = curve.Points, points = LogBins.Thin(all);
        CurvePoint[] withGolden = [.. points.Where(point => point.Golden is not null)];
        CurvePoint[] withTrain = [.. points.Where(point => point.TrainProxy > 0)];

        var proxy = new Series(points.Select(point => (point.Step, point.Proxy, point.ProxyStdErr)));
        return new Evidence(
            SeriesSummary.Of([.. all.Select(point => (point.Step, point.Proxy))]),
            withGolden.Length == 0
                ? null
                : SeriesSummary.Of(
                    [.. all.Where(point => point.Golden is not null).Select(point => (point.Step, point.Golden!.Value))]),
            proxy,
            withGolden.Length == 0
                ? null
                : new Series(withGolden.Select(point => (point.Step, point.Golden!.Value, point.GoldenStdErr))),
            withTrain.Length < 3
                ? null
                : new Series(withTrain.Select(point => (point.Step, point.Proxy / point.TrainProxy!.Value, (double?)null))),
            LawBreak.Find(proxy.Steps, proxy.Values, proxy.StdErrs, rule));
    }
}
