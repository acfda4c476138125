namespace Goodhart.Lab.Report;

/// <summary>Finds room for texts next to the points they name.</summary>
sealed class LabelPlacer(Box bounds)
{
    readonly List<Box> _taken = [];
    readonly List<Pixel> _ink = [];

    /// <summary>Keeps labels off a line.</summary>
    public void Avoid(IReadOnlyList<Pixel> line)
    {
        for (int i = 1; i < line.Count; i++)
        {
            int pieces = (int)Math.Ceiling(line[i - 1].DistanceTo(line[i]) / 3);
            for (int piece = 0; piece <= pieces; piece++)
            {
                double share = pieces == 0 ? 0 : (double)piece / pieces;
                _ink.Add(new Pixel(
                    line[i - 1].X + share * (line[i].X - line[i - 1].X),
                    line[i - 1].Y + share * (line[i].Y - line[i - 1].Y)));
            }
        }
    }

    /// <summary>The best free box of a size near a point; it is taken from now on.</summary>
    public Box Place(Pixel at, double width, double height)
    {
        Box best = Candidates(at, width, height).MinBy(candidate => Cost(candidate, at));
        _taken.Add(best);
        return best;
    }

    /// <summary>A rough width of a text, for want of a font.</summary>
    public static double WidthOf(string text, double fontSize) => text.Length * fontSize * 0.56;

    /// <summary>Moves heights apart until neighbours are <paramref name="spacing"/> apart, in place order.</summary>
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

    static IEnumerable<Box> Candidates(Pixel at, double width, double height)
    {
        foreach (double gap in new[] { 9.0, 16, 26, 40 })
        {
            for (int direction = 0; direction < 16; direction++)
            {
                (double sin, double cos) = Math.SinCos(direction * Math.PI / 8);
                double x = at.X + cos * (gap + width / 2), y = at.Y + sin * (gap + height / 2);
                yield return new Box(x - width / 2, y - height / 2, x + width / 2, y + height / 2);
            }
        }
    }

    double Cost(Box box, Pixel at)
    {
        double outside = Math.Max(0, bounds.Left - box.Left) + Math.Max(0, box.Right - bounds.Right)
            + Math.Max(0, bounds.Top - box.Top) + Math.Max(0, box.Bottom - bounds.Bottom);
        Pixel nearest = new(Math.Clamp(at.X, box.Left, box.Right), Math.Clamp(at.Y, box.Top, box.Bottom));
        return 1000 * outside
            + 10 * _taken.Sum(taken => taken.Overlap(box))
            + 30 * _ink.Count(box.Contains)
            + nearest.DistanceTo(at);
    }
}
