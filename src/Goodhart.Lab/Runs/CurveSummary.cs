namespace Goodhart.Lab.Runs;

/// <summary>A held-out distance over the course of an arm, in five numbers. Nats per token.</summary>
public sealed record CurveSummary
{
    /// <summary>Before the first step.</summary>
    public required double First { get; init; }

    /// <summary>The lowest.</summary>
    public required double Min { get; init; }

    /// <summary>The step of the lowest.</summary>
    public required long MinStep { get; init; }

    /// <summary>After the last step.</summary>
    public required double Last { get; init; }

    /// <summary>How far the end lies above the lowest, as a fraction of the lowest: 0.1 is 10% above.</summary>
    public required double Rise { get; init; }

    /// <summary>Summarises points in the order of their steps; values that are not finite are left out.</summary>
    public static CurveSummary? Of(IEnumerable<(long Step, double Value)> points)
    {
        (long Step, double Value)[] finite = [.. points.Where(point => double.IsFinite(point.Value))];
        if (finite.Length == 0)
            return null;

        (long minStep, double min) = finite.MinBy(point => point.Value);
        double last = finite[^1].Value;
        return new CurveSummary
        {
            First = finite[0].Value,
            Min = min,
            MinStep = minStep,
            Last = last,
            Rise = min > 0 ? last / min - 1 : 0,
        };
    }
}
