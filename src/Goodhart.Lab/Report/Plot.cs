using Goodhart.Lab.Runs;

namespace Goodhart.Lab.Report;

/// <summary>Measurements as charts on log axes, in one file that needs nothing else.</summary>
public static class Plot
{
    const double Gap = 40, Margin = 16;

    /// <summary>A page with the panels side by side.</summary>
    /// <param name="title">Its headline.</param>
    /// <param name="note">What to know beside it.</param>
    /// <param name="panels">From left to right.</param>
    public static string Html(string title, string note, IReadOnlyList<PlotPanel> panels) => Markup.Of($"""
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8"/>
        <meta name="viewport" content="width=device-width, initial-scale=1"/>
        <title>{title}</title>
        <style>
        {Stylesheet.Text}
        </style>
        </head>
        <body>
        <main>
        <header>
        <p class="kicker"><b>Goodhart</b></p>
        <h1>{title}</h1>
        <p class="byline">{note}</p>
        </header>
        <figure class="panels">
        {Markup.Join(panels.Select(Render))}</figure>
        </main>
        </body>
        </html>

        """).Text;

    /// <summary>The same panels as a picture.</summary>
    /// <param name="title">For those who cannot see it.</param>
    /// <param name="panels">From left to right.</param>
    public static string Svg(string title, IReadOnlyList<PlotPanel> panels)
    {
        double width = panels.Count * (LineChart.Width + Gap) - Gap + 2 * Margin, height = LineChart.Height + 2 * Margin;
        return Report.Svg.Root(width, height, title, "plot",
        [
            Markup.Of($"<style>\n{Stylesheet.Text}\nsvg.plot {{ font-family: system-ui, \"Liberation Sans\", Arial, sans-serif; }}\n</style>\n"),
            Markup.Of($"<rect width=\"{width}\" height=\"{height}\" style=\"fill:var(--paper)\"/>\n"),
            .. panels.Select((panel, i) => Markup.Of(
                $"<svg x=\"{Margin + i * (LineChart.Width + Gap)}\" y=\"{Margin}\" width=\"{LineChart.Width}\" height=\"{LineChart.Height}\">\n{Render(panel)}</svg>\n")),
        ]).Text;
    }

    static Markup Render(PlotPanel panel) => LineChart.Render(
        panel.Title, panel.Subtitle,
        [
            new Series(panel.GuideLabel, "--grey-1", [.. panel.Guide.Select(Point)]),
            new Series(panel.Label, "--calm-1", [.. panel.Points.Select(Point)]),
        ],
        new LogAxis(panel.Points.Select(point => point.X), room: 0.03, withZero: false), panel.Unit);

    static CurvePoint Point((double X, double Y) point) => new(point.X, point.Y, 0);
}

/// <summary>Points, and a line to compare them with.</summary>
public sealed record PlotPanel
{
    /// <summary>What is measured.</summary>
    public required string Title { get; init; }

    /// <summary>How, in a few words.</summary>
    public required string Subtitle { get; init; }

    /// <summary>What the axis across counts.</summary>
    public required string Unit { get; init; }

    /// <summary>Written at the end of the points' line.</summary>
    public required string Label { get; init; }

    /// <summary>In the order of X; those above 0 are drawn.</summary>
    public required IReadOnlyList<(double X, double Y)> Points { get; init; }

    /// <summary>Written at the end of the guide.</summary>
    public string GuideLabel { get; init; } = "";

    /// <summary>A line to compare with. Default none.</summary>
    public IReadOnlyList<(double X, double Y)> Guide { get; init; } = [];
}
