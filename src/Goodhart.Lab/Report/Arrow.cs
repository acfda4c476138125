namespace Goodhart.Lab.Report;

/// <summary>Small triangles that show which way a path runs.</summary>
static class Arrow
{
    const double Size = 5.5, ShortestPath = 60;
    static readonly double[] Places = [0.22, 0.5, 0.78];

    /// <summary>At fixed shares of the path's length; none where it is short.</summary>
    public static IEnumerable<Markup> Along(IReadOnlyList<Pixel> path)
    {
        double length = path.Zip(path.Skip(1), (from, to) => from.DistanceTo(to)).Sum();
        return length < ShortestPath ? [] : Places.Select(share => At(path, share * length));
    }

    static Markup At(IReadOnlyList<Pixel> path, double distance)
    {
        int i = 1;
        double piece = path[0].DistanceTo(path[1]);
        while (distance > piece && i < path.Count - 1)
        {
            distance -= piece;
            piece = path[i].DistanceTo(path[++i]);
        }

        double dx = (path[i].X - path[i - 1].X) / piece, dy = (path[i].Y - path[i - 1].Y) / piece;
        Pixel at = path[i - 1].Towards(path[i], distance / piece);
        return Svg.Polygon("arrow",
        [
            new(at.X + Size * dx, at.Y + Size * dy),
            new(at.X - Size * (dx + 0.8 * dy), at.Y - Size * (dy - 0.8 * dx)),
            new(at.X - Size * (dx - 0.8 * dy), at.Y - Size * (dy + 0.8 * dx)),
        ]);
    }
}
