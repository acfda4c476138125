namespace Goodhart.Lab.Report;

/// <summary>The few SVG elements the charts are made of. Pixels; colours and fonts come from the style sheet.</summary>
static class Svg
{
    /// <param name="width">Pixels at the natural size; the picture scales with its column.</param>
    /// <param name="height">Pixels at the natural size.</param>
    /// <param name="label">What it shows, for those who cannot see it.</param>
    /// <param name="classes">For the style sheet.</param>
    /// <param name="content">Its elements.</param>
    public static Markup Root(double width, double height, string label, string classes, IEnumerable<Markup> content) =>
        Markup.Of($"""
            <svg xmlns="http://www.w3.org/2000/svg" class="{classes}" viewBox="0 0 {width} {height}" role="img" aria-label="{label}">
            {Markup.Join(content)}</svg>

            """);

    public static Markup Group(string color, IEnumerable<Markup> content) =>
        Markup.Of($"<g style=\"--c:var({color})\">\n{Markup.Join(content)}</g>\n");

    public static Markup Line(string classes, Pixel from, Pixel to) =>
        Markup.Of($"<line class=\"{classes}\" x1=\"{from.X}\" y1=\"{from.Y}\" x2=\"{to.X}\" y2=\"{to.Y}\"/>\n");

    public static Markup Polyline(string classes, IEnumerable<Pixel> points) =>
        Markup.Of($"<polyline class=\"{classes}\" points=\"{Points(points)}\"/>\n");

    public static Markup Polygon(string classes, IEnumerable<Pixel> points) =>
        Markup.Of($"<polygon class=\"{classes}\" points=\"{Points(points)}\"/>\n");

    public static Markup Circle(string classes, Pixel at, double radius) =>
        Markup.Of($"<circle class=\"{classes}\" cx=\"{at.X}\" cy=\"{at.Y}\" r=\"{radius}\"/>\n");

    /// <param name="classes">For the style sheet.</param>
    /// <param name="at">The base line's start, middle or end.</param>
    /// <param name="anchor">start, middle or end.</param>
    /// <param name="text">One line.</param>
    public static Markup Text(string classes, Pixel at, string anchor, string text) =>
        Markup.Of($"<text class=\"{classes}\" x=\"{at.X}\" y=\"{at.Y}\" text-anchor=\"{anchor}\">{text}</text>\n");

    static Markup Points(IEnumerable<Pixel> points) =>
        new(string.Join(' ', points.Select(point => Markup.Of($"{point.X},{point.Y}").Text)));
}
