namespace Goodhart.Lab.Report;

/// <summary>The plot area of a chart with its two axes: values to pixels, grid, ticks, a level to compare with.</summary>
sealed record Frame(Box Area, Axis X, Axis Y)
{
    public Pixel At(double x, double y) =>
        new(Area.Left + X.Share(x) * Area.Width, Area.Bottom - Y.Share(y) * Area.Height);

    public IEnumerable<Markup> Grid()
    {
        foreach (Tick tick in Y.Ticks)
        {
            double y = At(0, tick.Value).Y;
            yield return Svg.Line("grid", new(Area.Left, y), new(Area.Right, y));
            yield return Svg.Text("tick", new(Area.Left - 7, y + 3.5), "end", tick.Label);
        }

        foreach (Tick tick in X.Ticks)
        {
            double x = At(tick.Value, 0).X;
            yield return Svg.Line("tickline", new(x, Area.Bottom), new(x, Area.Bottom + 4));
            yield return Svg.Text("tick", new(x, Area.Bottom + 16), "middle", tick.Label);
        }

        yield return Svg.Line("axis", new(Area.Left, Area.Bottom), new(Area.Right, Area.Bottom));
    }

    /// <summary>A dotted level across the plot, named above or below wherever there is room.</summary>
    public IEnumerable<Markup> Reference(double level, string name, LabelPlacer labels)
    {
        double y = At(1, level).Y, width = LabelPlacer.WidthOf(name, 11);
        Pixel left = new(Area.Left, y), right = new(Area.Right, y);
        Box box = labels.PlaceIn(
            from x in new[] { Area.Right - width, Area.Left + 4, Area.Left + (Area.Width - width) / 2 }
            from top in new[] { y - 15, y + 3 }
            select new Box(x, top, x + width, top + 12));
        labels.Avoid([left, right]);
        yield return Svg.Line("reference", left, right);
        yield return Svg.Text("note", new(box.Left, box.Top + 10), "start", name);
    }
}
