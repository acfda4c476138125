namespace Goodhart.Lab.Report;

/// <summary>Golden against proxy: where each student went. A path that turns upwards on its way left is hacking.</summary>
static class ProxyGoldenPlane
{
    const double Top = 40, Bottom = 46, Left = 44, Right = 12;
    const double NoteSize = 11, LabelSize = 13;

    /// <param name="tracks">In the order of drawing.</param>
    /// <param name="teacherGolden">The teacher's own distance from the truth, or null where it is not known.</param>
    /// <param name="size">Pixels; wide for a page, narrow for a phone.</param>
    /// <param name="classes">For the style sheet.</param>
    /// <returns>Nothing when there is nothing to draw.</returns>
    public static Markup Render(IReadOnlyList<Track> tracks, double? teacherGolden, Pixel size, string classes)
    {
        if (tracks.Count == 0)
            return Markup.Empty;

        var points = tracks.SelectMany(track => track.Points);
        Frame frame = new(
            new Box(Left, Top, size.X - Right, size.Y - Bottom),
            new LinearAxis(points.Select(point => point.Proxy)),
            new LinearAxis([.. points.Select(point => point.Golden), teacherGolden ?? tracks[0].Points[0].Golden]));

        Pixel[][] paths = [.. tracks.Select(track => track.Pixels(frame))];
        LabelPlacer labels = new(frame.Area);
        foreach (Pixel[] path in paths)
            labels.Avoid(path);

        string names = string.Join(", ", tracks.Select(track => track.Name));
        return Svg.Root(size.X, size.Y, $"Golden against proxy over training, one path each for {names}", classes,
        [
            Svg.Text("subtitle", new(0, 14), "start", "\u2191 farther from the truth"),
            Svg.Text("tick", new(0, 29), "start", "golden, nats per token"),
            Svg.Text("subtitle", new(frame.Area.Left, size.Y - 6), "start", "\u2190 closer to the teacher"),
            Svg.Text("tick", new(frame.Area.Right, size.Y - 6), "end", "proxy, nats per token"),
            .. frame.Grid(),
            .. teacherGolden is double level
                ? frame.Reference(level, $"the teacher\u2019s own golden, {Numbers.Nats(level)}", labels)
                : [],
            .. tracks.Select((track, i) => Svg.Group(track.Color, DrawPath(paths[i], track))),
            .. DrawNames(labels, tracks, paths),
            .. DrawTurns(labels, tracks, paths),
            .. DrawStarts(labels, paths),
        ]);
    }

    static IEnumerable<Markup> DrawPath(Pixel[] path, Track track) =>
    [
        Svg.Polyline("line track", path),
        .. path.Select(point => Svg.Circle("dot", point, 1.9)),
        .. Arrow.Along(path),
        .. track.HasTurned ? [Svg.Polygon("hollow", Diamond(path[track.Lowest]))] : Array.Empty<Markup>(),
        Svg.Circle("hollow", path[0], 4.5),
        Svg.Circle("solid", path[^1], 5),
    ];

    static IEnumerable<Markup> DrawNames(LabelPlacer labels, IReadOnlyList<Track> tracks, Pixel[][] paths)
    {
        Pixel[] ends = [.. paths.Select(path => path[^1])];
        for (int i = 0; i < tracks.Count; i++)
        {
            string verdict = Prose.Of(tracks[i].Verdict);
            double width = Math.Max(
                LabelPlacer.WidthOf(tracks[i].Name, LabelSize), LabelPlacer.WidthOf(verdict, LabelSize - 1));
            Box box = labels.PlaceNear(ends[i], ends, width, 28);
            yield return Svg.Group(tracks[i].Color,
            [
                Svg.Text("label strong", new(box.Left, box.Top + 12), "start", tracks[i].Name),
                Svg.Text("label", new(box.Left, box.Top + 26), "start", verdict),
            ]);
        }
    }

    /// <remarks>Only the arms that went wrong are worth the words; the others keep their diamond.</remarks>
    static IEnumerable<Markup> DrawTurns(LabelPlacer labels, IReadOnlyList<Track> tracks, Pixel[][] paths)
    {
        for (int i = 0; i < tracks.Count; i++)
        {
            bool wentWrong = Verdicts.KindOf(tracks[i].Verdict) is VerdictKind.Hacking or VerdictKind.Overfitting;
            if (!wentWrong || !tracks[i].HasTurned)
                continue;

            string text = $"lowest golden, step {Numbers.Count(tracks[i].Points[tracks[i].Lowest].Step)}";
            Box box = labels.PlaceNear(paths[i][tracks[i].Lowest], [], LabelPlacer.WidthOf(text, NoteSize), 14);
            yield return Svg.Group(tracks[i].Color, [Svg.Text("note", new(box.Left, box.Top + 11), "start", text)]);
        }
    }

    /// <remarks>The arms of a lab share their start, so one label serves all that begin at one place.</remarks>
    static IEnumerable<Markup> DrawStarts(LabelPlacer labels, Pixel[][] paths)
    {
        List<Pixel> starts = [];
        foreach (Pixel[] path in paths.Where(path => starts.TrueForAll(start => start.DistanceTo(path[0]) > 30)))
        {
            starts.Add(path[0]);
            Box box = labels.PlaceNear(path[0], [], LabelPlacer.WidthOf("start", NoteSize), 14);
            yield return Svg.Text("note", new(box.Left, box.Top + 11), "start", "start");
        }
    }

    static Pixel[] Diamond(Pixel at) => [new(at.X, at.Y - 6), new(at.X + 6, at.Y), new(at.X, at.Y + 6), new(at.X - 6, at.Y)];
}
