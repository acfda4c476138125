using System.Globalization;

namespace Goodhart.Detection.Curves;

/// <summary>The evaluations of one run, in the order of training.</summary>
public sealed class Curve
{
    /// <summary>Checks the points and copies them.</summary>
    /// <param name="points">At least one; steps strictly increasing, distances finite and not negative.</param>
    /// <exception cref="CurveException">A point breaks one of these rules; the message names it.</exception>
    public Curve(IEnumerable<CurvePoint> points)
    {
        Points = [.. points];
        if (Points.Count == 0)
            throw new CurveException("A curve should have at least one point, got none.");

        for (int i = 0; i < Points.Count; i++)
        {
            if (Problem(i == 0 ? null : Points[i - 1], Points[i]) is { } problem)
                throw new CurveException(string.Create(CultureInfo.InvariantCulture, $"point {i + 1}: {problem}"));
        }
    }

    /// <summary>The evaluations; steps strictly increase.</summary>
    public IReadOnlyList<CurvePoint> Points { get; }

    /// <summary>What is wrong with a point that follows another; null when nothing is.</summary>
    internal static string? Problem(CurvePoint? previous, CurvePoint point) =>
        BadNumber("step", point.Step)
        ?? BadNumber("proxy", point.Proxy)
        ?? BadNumber("proxy's standard error", point.ProxyStdErr)
        ?? BadNumber("golden", point.Golden)
        ?? BadNumber("golden's standard error", point.GoldenStdErr)
        ?? BadNumber("train proxy", point.TrainProxy)
        ?? BadOrder(previous, point);

    static string? BadNumber(string name, double? value)
    {
        if (value is not { } number)
            return null;
        if (!double.IsFinite(number))
            return Text($"{name} should be a finite number, got {number}. Cut the log before the run broke.");
        if (number < 0)
            return Text($"{name} should not be negative, got {number}. Lower must mean better and 0 perfect; ")
                + "for a score that grows, pass 1 - score; for a sampled estimate below 0, average more samples.";
        return null;
    }

    static string? BadOrder(CurvePoint? previous, CurvePoint point)
    {
        if (previous is null || point.Step > previous.Step)
            return null;
        string rule = point.Step == previous.Step
            ? Text($"step {point.Step} is repeated.")
            : Text($"step {point.Step} follows step {previous.Step}.");
        return $"steps should strictly increase, but {rule} If the run was restarted, keep one line a step.";
    }

    static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
