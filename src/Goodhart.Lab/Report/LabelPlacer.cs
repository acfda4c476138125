namespace Goodhart.Lab.Report;

/// <summary>Finds room for texts next to the points they name.</summary>
sealed class LabelPlacer(Box bounds)
{
    const double InkMargin = 3;
    static readonly double[] Gaps = [10, 16, 26, 42];

    // Right, left, below, above, and between: a label touches its point's surroundings with a side or a corner.
    static readonly (double X, double Y)[] Sides =
    [
        (1, 0), (-1, 0), (0, 1), (0, -1), (1, -1), (1, 1), (-1, -1), (-1, 1),
        (1, -0.5), (1, 0.5), (-1, -0.5), (-1, 0.5), (-0.5, -1), (0.5, -1), (-0.5, 1), (0.5, 1),
    ];

    readonly List<Box> _taken = [];
    readonly List<Pixel> _ink = [];

    /// <summary>Keeps labels off a line.</summary>
    public void Avoid(IReadOnlyList<Pixel> line)
    {
        for (int i = 1; i < line.Count; i++)
        {
            int pieces = 1 + (int)(line[i - 1].DistanceTo(line[i]) / 3);
            for (int piece = 0; piece <= pieces; piece++)
                _ink.Add(line[i - 1].Towards(line[i], (double)piece / pieces));
        }
    }

    /// <summary>The best free box of a size near a point; it is taken from now on.</summary>
    /// <param name="at">The point that the label names.</param>
    /// <param name="others">Points it must not seem to name.</param>
    /// <param name="width">Of the label.</param>
    /// <param name="height">Of the label.</param>
    public Box PlaceNear(Pixel at, IReadOnlyList<Pixel> others, double width, double height)
    {
        double Misleading(Box box) => others
            .Where(other => other.DistanceTo(at) > 1)
            .Sum(other => Math.Max(0, 4 + box.DistanceTo(at) - box.DistanceTo(other)));

        return Take(Around(at, width, height).MinBy(box => Cost(box) + box.DistanceTo(at) + 6 * Misleading(box)));
    }

    /// <summary>The best of some boxes, the earlier the better; it is taken from now on.</summary>
    public Box PlaceIn(IEnumerable<Box> candidates) =>
        Take(candidates.Index().MinBy(candidate => Cost(candidate.Item) + 5 * candidate.Index).Item);

    /// <summary>A rough width of a text, for want of a font.</summary>
    public static double WidthOf(string text, double fontSize) => text.Length * fontSize * 0.58;

    /// <summary>Moves heights apart until neighbours are <paramref name="spacing"/> apart, in their order.</summary>
    public static double[] Spread(IReadOnlyList<double> wanted, double spacing, double low, double high)
    {
        int[] order = [.. Enumerable.Range(0, wanted.Count).OrderBy(i => wanted[i])];
        double[] placed = [.. wanted];
        double floor = low;
        foreach (int i in order)
            floor = (placed[i] = Math.Max(placed[i], floor)) + spacing;

        double ceiling = high;
        foreach (int i in order.Reverse())
            ceiling = (placed[i] = Math.Min(placed[i], ceiling)) - spacing;
        return placed;
    }

    static IEnumerable<Box> Around(Pixel at, double width, double height) =>
        from gap in Gaps
        from side in Sides
        let x = at.X + side.X * (gap + width / 2)
        let y = at.Y + side.Y * (gap + height / 2)
        select new Box(x - width / 2, y - height / 2, x + width / 2, y + height / 2);

    Box Take(Box box)
    {
        _taken.Add(box);
        return box;
    }

    double Cost(Box box)
    {
        double outside = Math.Max(0, bounds.Left - box.Left) + Math.Max(0, box.Right - bounds.Right)
            + Math.Max(0, bounds.Top - box.Top) + Math.Max(0, box.Bottom - bounds.Bottom);
        Box wider = new(box.Left - InkMargin, box.Top - InkMargin, box.Right + InkMargin, box.Bottom + InkMargin);
        return 1000 * outside + 10 * _taken.Sum(taken => taken.Overlap(box)) + 20 * _ink.Count(wider.Contains);
    }
}
