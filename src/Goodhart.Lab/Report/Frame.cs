namespace Goodhart.Lab.Report;

/// <summary>The plot area of a chart with its two axes: values to pixels, grid and tick labels.</summary>
sealed record Frame(Box Area, Axis X, Axis Y)
{
    public Pixel At(double x, double y) =>
        new(Area.Left + X.Share(x) * Area.Width, Area.Bottom - Y.Share(y) * Area.Height);

    public IEnumerable<Markup> Grid()
    {
        foreach (double tick in Y.Ticks)
        {
            double y = At(0, tick).Y;
            yield return Svg.Line("grid", new(Area.Left, y), new(Area.Right, y));
            yield return Svg.Text("tick", new(Area.Left - 6, y + 3.5), "end", Numbers.Tick(tick));
        }

        foreach (double tick in X.Ticks)
        {
            double x = At(tick, 0).X;
            yield return Svg.Line("tickline", new(x, Area.Bottom), new(x, Area.Bottom + 4));
            yield return Svg.Text("tick", new(x, Area.Bottom + 16), "middle", Numbers.Tick(tick));
        }

        yield return Svg.Line("axis", new(Area.Left, Area.Bottom), new(Area.Right, Area.Bottom));
    }
}
