using Goodhart.Lab.Runs;

namespace Goodhart.Lab.Report;

/// <summary>One line of a chart, with what is known about it.</summary>
/// <param name="Label">Written at its end.</param>
/// <param name="Color">A variable of the style sheet.</param>
/// <param name="Points">In the order of steps.</param>
/// <param name="Law">Drawn dashed beyond its last step, or null.</param>
/// <param name="Onset">The step to mark, or null.</param>
sealed record Series(string Label, string Color, IReadOnlyList<CurvePoint> Points, LawSummary? Law = null, long? Onset = null);

/// <summary>A metric against steps, both on log axes, one line per arm, labelled at its end.</summary>
static class LineChart
{
    const double Width = 340, Height = 262, Top = 46, Bottom = 28, Left = 40;
    const double LabelSize = 11, LabelSpacing = 13;

    /// <param name="title">What is measured.</param>
    /// <param name="subtitle">How, in a few words.</param>
    /// <param name="series">One per arm; those without a positive value are left out.</param>
    /// <param name="reference">A level to compare with, and its name.</param>
    /// <returns>Nothing when there is nothing to draw.</returns>
    public static Markup Render(string title, string subtitle, IEnumerable<Series> series, (double Level, string Name)? reference)
    {
        Series[] lines = [.. series
            .Select(line => line with { Points = [.. Thinning.Thin(line.Points).Where(point => point.Value > 0)] })
            .Where(line => line.Points.Count > 0)];
        if (lines.Length == 0)
            return Markup.Empty;

        CurvePoint[] points = [.. lines.SelectMany(line => line.Points)];
        double right = 14 + lines.Max(line => LabelPlacer.WidthOf(line.Label, LabelSize));
        Frame frame = new(
            new Box(Left, Top, Width - right, Height - Bottom),
            new LogAxis(points.Select(point => point.Step), room: 0, withZero: points.Any(point => point.Step == 0)),
            new LogAxis(
                [.. points.Select(point => point.Value + point.Error), .. points.Select(Lower),
                    .. reference is { Level: double level } ? [level] : Array.Empty<double>()],
                room: 0.06, withZero: false));

        List<Markup> content =
        [
            Svg.Text("title", new(0, 14), "start", title),
            Svg.Text("subtitle", new(0, 30), "start", subtitle),
            .. frame.Grid(),
            Svg.Text("tick", new(frame.Area.Right + 8, Height - Bottom + 16), "start", "steps"),
        ];
        if (reference is not null)
            content.AddRange(DrawReference(frame, reference.Value.Level, reference.Value.Name));

        content.AddRange(lines.Select(line => Svg.Group(line.Color, DrawLine(frame, line))));
        content.AddRange(DrawLabels(frame, lines));
        return Svg.Root(Width, Height, $"{title} against steps for {string.Join(", ", lines.Select(line => line.Label))}", "panel", content);
    }

    static IEnumerable<Markup> DrawLine(Frame frame, Series line)
    {
        if (line.Points.Any(point => point.Error > 0))
        {
            yield return Svg.Polygon("band",
            [
                .. line.Points.Select(point => frame.At(point.Step, point.Value + point.Error)),
                .. line.Points.Reverse().Select(point => frame.At(point.Step, Lower(point))),
            ]);
        }

        if (line.Law is not null)
            yield return Svg.Polyline("law", LawPixels(frame, line.Law, line.Points[^1].Step));

        yield return Svg.Polyline("line", line.Points.Select(point => frame.At(point.Step, point.Value)));
        yield return Svg.Circle("solid", frame.At(line.Points[^1].Step, line.Points[^1].Value), 2.6);

        if (line.Onset is long onset && line.Points.LastOrDefault(point => point.Step <= onset) is { Value: > 0 } at)
        {
            Pixel mark = frame.At(onset, at.Value);
            yield return Svg.Line("onset", new(mark.X, frame.Area.Top), new(mark.X, frame.Area.Bottom));
            yield return Svg.Circle("hollow", mark, 3.6);
            yield return Svg.Text("note", new(mark.X + 4, frame.Area.Top + 8), "start", $"onset, step {Numbers.Count(onset)}");
        }
    }

    static IEnumerable<Pixel> LawPixels(Frame frame, LawSummary law, double lastStep)
    {
        const int Pieces = 40;
        double first = Math.Max(1, law.FirstStep);
        return Enumerable.Range(0, Pieces + 1)
            .Select(i => first * Math.Pow(Math.Max(1, lastStep / first), (double)i / Pieces))
            .Where(step => law.At(step) > 0)
            .Select(step => frame.At(step, law.At(step)))
            .Where(frame.Area.Contains);
    }

    static IEnumerable<Markup> DrawReference(Frame frame, double level, string name)
    {
        double y = frame.At(1, level).Y;
        yield return Svg.Line("reference", new(frame.Area.Left, y), new(frame.Area.Right, y));
        yield return Svg.Text("note", new(frame.Area.Left + 4, y - 4), "start", name);
    }

    static IEnumerable<Markup> DrawLabels(Frame frame, Series[] lines)
    {
        Pixel[] ends = [.. lines.Select(line => frame.At(line.Points[^1].Step, line.Points[^1].Value))];
        double[] heights = LabelPlacer.Spread([.. ends.Select(end => end.Y)], LabelSpacing, frame.Area.Top, frame.Area.Bottom);
        for (int i = 0; i < lines.Length; i++)
        {
            yield return Svg.Group(lines[i].Color,
                [Svg.Text("label", new(frame.Area.Right + 8, heights[i] + 4), "start", lines[i].Label)]);
        }
    }

    /// <remarks>A log axis has no place for zero: a wider error than the value ends at a tenth of it.</remarks>
    static double Lower(CurvePoint point) => Math.Max(point.Value - point.Error, point.Value / 10);
}
