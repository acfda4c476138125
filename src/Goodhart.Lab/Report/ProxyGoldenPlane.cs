using Goodhart.Lab.Runs;

namespace Goodhart.Lab.Report;

/// <summary>Golden against proxy: where each student went. A path that turns upwards on its way left is hacking.</summary>
static class ProxyGoldenPlane
{
    const double Top = 40, Bottom = 46, Left = 44, Right = 12, LabelSize = 12;

    /// <param name="run">The run.</param>
    /// <param name="colors">A colour per arm.</param>
    /// <param name="teacherGolden">The teacher's own distance from the truth, or null where it is not known.</param>
    /// <param name="size">Pixels; wide for a page, narrow for a phone.</param>
    /// <param name="classes">For the style sheet.</param>
    public static Markup Render(RunRecord run, IReadOnlyDictionary<string, string> colors, double? teacherGolden, Pixel size, string classes)
    {
        Track[] tracks = [.. run.Arms.Select(arm => Track.Of(arm, colors[arm.Summary.Arm])).Where(track => track.Points.Count > 0)];
        if (tracks.Length == 0)
            return Markup.Empty;

        Box area = new(Left, Top, size.X - Right, size.Y - Bottom);
        Frame frame = new(area,
            new LinearAxis(tracks.SelectMany(track => track.Points).Select(point => point.Proxy)),
            new LinearAxis([.. tracks.SelectMany(track => track.Points).Select(point => point.Golden),
                .. teacherGolden is double level ? [level] : Array.Empty<double>()]));
        LabelPlacer labels = new(area);
        Pixel[][] paths = [.. tracks.Select(track => track.Pixels(frame))];
        foreach (Pixel[] path in paths)
            labels.Avoid(path);

        List<Markup> content =
        [
            Svg.Text("subtitle", new(0, 14), "start", "\u2191 farther from the truth"),
            Svg.Text("tick", new(0, 29), "start", "golden, nats per token"),
            Svg.Text("subtitle", new(area.Left, size.Y - 6), "start", "\u2190 closer to the teacher"),
            Svg.Text("tick", new(area.Right, size.Y - 6), "end", "proxy, nats per token"),
            .. frame.Grid(),
            .. teacherGolden is double golden ? DrawTeacher(frame, labels, golden) : [],
        ];

        for (int i = 0; i < tracks.Length; i++)
            content.Add(Svg.Group(tracks[i].Color, DrawPath(paths[i], tracks[i])));
        content.AddRange(DrawLabels(labels, tracks, paths));
        string names = string.Join(", ", tracks.Select(track => track.Name));
        return Svg.Root(size.X, size.Y, $"Golden against proxy over training, one path each for {names}", classes, content);
    }

    static IEnumerable<Markup> DrawTeacher(Frame frame, LabelPlacer labels, double golden)
    {
        double y = frame.At(0, golden).Y;
        Pixel left = new(frame.Area.Left, y), right = new(frame.Area.Right, y);
        labels.Avoid([left, right]);
        yield return Svg.Line("reference", left, right);
        yield return Svg.Text("note", new(right.X, y - 5), "end", $"the teacher\u2019s own golden, {Numbers.Nats(golden)}");
    }

    static IEnumerable<Markup> DrawPath(Pixel[] path, Track track)
    {
        yield return Svg.Polyline("line track", path);
        foreach (Pixel point in path)
            yield return Svg.Circle("dot", point, 1.7);
        foreach (double share in new[] { 0.22, 0.5, 0.78 })
        {
            if (Arrow(path, share) is { Length: 3 } arrow)
                yield return Svg.Polygon("arrow", arrow);
        }

        if (track.HasTurned)
            yield return Svg.Polygon("hollow", Diamond(path[track.Lowest]));
        yield return Svg.Circle("hollow", path[0], 4.5);
        yield return Svg.Circle("solid", path[^1], 5);
    }

    static IEnumerable<Markup> DrawLabels(LabelPlacer labels, Track[] tracks, Pixel[][] paths)
    {
        for (int i = 0; i < tracks.Length; i++)
        {
            string verdict = Verdicts.Words(tracks[i].Verdict);
            double width = Math.Max(LabelPlacer.WidthOf(tracks[i].Name, LabelSize + 1), LabelPlacer.WidthOf(verdict, LabelSize));
            Box box = labels.Place(paths[i][^1], width, 28);
            yield return Svg.Group(tracks[i].Color,
            [
                Svg.Text("label strong", new(box.Left, box.Top + 12), "start", tracks[i].Name),
                Svg.Text("label", new(box.Left, box.Top + 26), "start", verdict),
            ]);
        }

        for (int i = 0; i < tracks.Length; i++)
        {
            if (!tracks[i].HasTurned)
                continue;

            string text = $"lowest golden, step {Numbers.Count(tracks[i].Points[tracks[i].Lowest].Step)}";
            Box box = labels.Place(paths[i][tracks[i].Lowest], LabelPlacer.WidthOf(text, LabelSize - 1), 14);
            yield return Svg.Group(tracks[i].Color, [Svg.Text("note", new(box.Left, box.Top + 11), "start", text)]);
        }

        foreach (Pixel start in DistinctStarts(paths))
        {
            Box box = labels.Place(start, LabelPlacer.WidthOf("start", LabelSize - 1), 14);
            yield return Svg.Text("note", new(box.Left, box.Top + 11), "start", "start");
        }
    }

    static List<Pixel> DistinctStarts(Pixel[][] paths)
    {
        List<Pixel> starts = [];
        foreach (Pixel[] path in paths.Where(path => starts.TrueForAll(start => start.DistanceTo(path[0]) > 30)))
            starts.Add(path[0]);
        return starts;
    }

    /// <summary>A small triangle along the path at a share of its length; empty where the path is too short.</summary>
    static Pixel[] Arrow(Pixel[] path, double share)
    {
        const double Size = 5.5;
        double length = path.Zip(path.Skip(1), (a, b) => a.DistanceTo(b)).Sum(), left = share * length;
        if (length < 60)
            return [];

        for (int i = 1; i < path.Length; i++)
        {
            double piece = path[i - 1].DistanceTo(path[i]);
            if (left > piece || piece == 0)
            {
                left -= piece;
                continue;
            }

            double dx = (path[i].X - path[i - 1].X) / piece, dy = (path[i].Y - path[i - 1].Y) / piece;
            Pixel at = new(path[i - 1].X + left * dx, path[i - 1].Y + left * dy);
            return
            [
                new(at.X + Size * dx, at.Y + Size * dy),
                new(at.X - Size * (dx + 0.8 * dy), at.Y - Size * (dy - 0.8 * dx)),
                new(at.X - Size * (dx - 0.8 * dy), at.Y - Size * (dy + 0.8 * dx)),
            ];
        }

        return [];
    }

    static Pixel[] Diamond(Pixel at) => [new(at.X, at.Y - 6), new(at.X + 6, at.Y), new(at.X, at.Y + 6), new(at.X - 6, at.Y)];
}

/// <summary>The evaluations of an arm as a path in the plane.</summary>
sealed record Track(string Name, string Color, string Verdict, IReadOnlyList<(double Step, double Proxy, double Golden)> Points)
{
    const int MaxPoints = 200;

    /// <summary>The index of the lowest golden.</summary>
    public int Lowest { get; } = Points.Count == 0 ? 0 : Enumerable.Range(0, Points.Count).MinBy(i => Points[i].Golden);

    /// <summary>Whether golden ends visibly above its lowest: by 2% or more.</summary>
    public bool HasTurned => Points[^1].Golden > 1.02 * Points[Lowest].Golden;

    public static Track Of(ArmRecord arm, string color)
    {
        (double Step, double Proxy, double Golden)[] points =
        [
            .. from line in arm.Lines
               let step = line.Number("step")
               let proxy = line.Number("proxy/forward_kl_per_token")
               let golden = line.Number("golden/forward_kl_per_token")
               where step is not null && proxy is not null && golden is not null
               select (step.Value, proxy.Value, golden.Value),
        ];
        int stride = 1 + points.Length / MaxPoints;
        return new Track(arm.Summary.Arm.Replace('-', ' '), color, arm.Summary.Verdict,
            [.. points.Where((_, i) => i % stride == 0 || i == points.Length - 1)]);
    }

    public Pixel[] Pixels(Frame frame) => [.. Points.Select(point => frame.At(point.Proxy, point.Golden))];
}
