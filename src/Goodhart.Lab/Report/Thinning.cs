using Goodhart.Lab.Runs;

namespace Goodhart.Lab.Report;

/// <summary>Keeps a picture small: means over windows of equal width in log steps.</summary>
static class Thinning
{
    const int MaxPoints = 120;

    public static IReadOnlyList<CurvePoint> Thin(IReadOnlyList<CurvePoint> points)
    {
        if (points.Count <= MaxPoints)
            return points;

        double width = Math.Log(1 + points.Max(point => point.Step)) / MaxPoints;
        return
        [
            .. from point in points
               group point by Math.Min(MaxPoints - 1, (int)(Math.Log(1 + point.Step) / width)) into window
               orderby window.Key
               select new CurvePoint(
                   window.Average(point => point.Step),
                   window.Average(point => point.Value),
                   window.Average(point => point.Error)),
        ];
    }
}
