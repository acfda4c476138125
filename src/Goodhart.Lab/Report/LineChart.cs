using Goodhart.Lab.Runs;

namespace Goodhart.Lab.Report;

/// <summary>One line of a chart, with what is known about it.</summary>
/// <param name="Label">Written at its end.</param>
/// <param name="Color">A variable of the style sheet.</param>
/// <param name="Points">In the order of steps.</param>
/// <param name="Law">Drawn dashed beyond its last step, or null.</param>
/// <param name="Onset">The step to mark, or null.</param>
sealed record Series(string Label, string Color, IReadOnlyList<CurvePoint> Points, LawSummary? Law = null, long? Onset = null);

/// <summary>A metric against steps or another size, both on log axes, lines labelled at their ends.</summary>
static class LineChart
{
    public const double Width = 340, Height = 262;
    const double Top = 46, Bottom = 28, Left = 40;
    const double FontSize = 11, LabelSpacing = 13;
    const int MaxLabel = 17;

    /// <param name="title">What is measured.</param>
    /// <param name="subtitle">How, in a few words.</param>
    /// <param name="series">In the order of drawing; those without a positive value are left out.</param>
    /// <param name="across">The axis of steps or sizes; charts that stand side by side may share it.</param>
    /// <param name="unit">What it counts.</param>
    /// <param name="reference">A level to compare with, and its name.</param>
    /// <returns>Nothing when there is nothing to draw.</returns>
    public static Markup Render(
        string title, string subtitle, IEnumerable<Series> series, Axis across, string unit, (double Level, string Name)? reference = null)
    {
        Series[] lines = [.. series
            .Select(line => line with
            {
                Label = line.Label.Length > MaxLabel ? line.Label[..(MaxLabel - 1)] + "\u2026" : line.Label,
                Points = [.. Thinning.Thin(line.Points).Where(point => point.Value > 0)],
            })
            .Where(line => line.Points.Count > 0)];
        if (lines.Length == 0)
            return Markup.Empty;

        CurvePoint[] points = [.. lines.SelectMany(line => line.Points)];
        double labelWidth = lines.Max(line => LabelPlacer.WidthOf(line.Label, FontSize));
        Frame frame = new(new Box(Left, Top, Width - labelWidth - 14, Height - Bottom), across, new LogAxis(
            [.. points.Select(point => point.Value + point.Error), .. points.Select(Lower), reference?.Level ?? 0],
            room: 0.06, withZero: false));

        LabelPlacer notes = new(frame.Area);
        foreach (Series line in lines)
            notes.Avoid(Pixels(frame, line));

        return Svg.Root(Width, Height, $"{title} against {unit} for {string.Join(", ", lines.Select(line => line.Label))}", "panel",
        [
            Svg.Text("title", new(0, 14), "start", title),
            Svg.Text("subtitle", new(0, 30), "start", subtitle),
            .. frame.Grid(),
            Svg.Text("tick", new(frame.Area.Right + 18, Height - Bottom + 16), "start", unit),
            .. reference is (double level, string name) ? frame.Reference(level, name, notes) : [],
            .. lines.Select(line => Svg.Group(line.Color, [.. DrawLine(frame, line), .. DrawOnset(frame, line, notes)])),
            .. DrawLabels(frame, lines),
        ]);
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

        Pixel[] pixels = Pixels(frame, line);
        if (line.Law is not null)
            yield return Svg.Polyline("law", Continuation(frame, line.Law, line.Points[^1].Step));
        yield return Svg.Polyline("line", pixels);
        yield return Svg.Circle("solid", pixels[^1], 2.6);
    }

    static IEnumerable<Markup> DrawOnset(Frame frame, Series line, LabelPlacer notes)
    {
        if (line.Onset is not long step || !line.Points.Any(point => point.Step >= step))
            yield break;

        string text = $"onset, step {Numbers.Count(step)}";
        double width = LabelPlacer.WidthOf(text, FontSize);
        Pixel mark = frame.At(step, line.Points.First(point => point.Step >= step).Value);
        Box box = notes.PlaceIn(
            from top in Enumerable.Range(0, 12).Select(row => frame.Area.Top + 13 * row)
            from left in new[] { mark.X + 4, mark.X - 4 - width }
            select new Box(left, top, left + width, top + 12));
        yield return Svg.Line("onset", new(mark.X, frame.Area.Top), new(mark.X, frame.Area.Bottom));
        yield return Svg.Circle("hollow", mark, 3.6);
        yield return Svg.Text("note", new(box.Left, box.Top + 10), "start", text);
    }

    static IEnumerable<Pixel> Continuation(Frame frame, LawSummary law, double lastStep)
    {
        const int Pieces = 30;
        double first = Math.Max(1, law.LastStep);
        return Enumerable.Range(0, Pieces + 1)
            .Select(i => first * Math.Pow(Math.Max(1, lastStep / first), (double)i / Pieces))
            .Where(step => law.At(step) > 0)
            .Select(step => frame.At(step, law.At(step)))
            .Where(frame.Area.Contains);
    }

    static IEnumerable<Markup> DrawLabels(Frame frame, Series[] lines)
    {
        double[] heights = LabelPlacer.Spread(
            [.. lines.Select(line => Pixels(frame, line)[^1].Y)], LabelSpacing, frame.Area.Top, frame.Area.Bottom - 6);
        return lines.Select((line, i) => Svg.Group(line.Color,
            [Svg.Text("label", new(frame.Area.Right + 8, heights[i] + 4), "start", line.Label)]));
    }

    static Pixel[] Pixels(Frame frame, Series line) => [.. line.Points.Select(point => frame.At(point.Step, point.Value))];

    /// <remarks>A log axis has no place for zero: an error as wide as the value ends at a tenth of it.</remarks>
    static double Lower(CurvePoint point) => Math.Max(point.Value - point.Error, point.Value / 10);
}
