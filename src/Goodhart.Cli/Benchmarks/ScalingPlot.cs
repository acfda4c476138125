using Goodhart.Lab.Report;

namespace Goodhart.Cli.Benchmarks;

/// <summary>The scaling group as a picture: time per step over each size, beside a line of slope 1.</summary>
static class ScalingPlot
{
    const string Title = "How the time of a step grows";

    /// <summary>Refuses a file that could not be written at the end, before anything is measured.</summary>
    /// <exception cref="UsageException">Its name ends otherwise, or nothing that it draws is measured.</exception>
    public static void Check(string path, IReadOnlyList<IBenchCase> cases)
    {
        if (Path.GetExtension(path) is not (".svg" or ".html"))
            throw new UsageException($"--plot should name a file that ends in .svg or .html, got '{path}'.");
        if (!cases.Any(each => each.Group == Scaling.Group))
            throw new UsageException("--plot draws the scaling group, which is not measured. Add --only scaling.");
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is string folder && !Directory.Exists(folder))
            throw new UsageException($"--plot: {folder}: no such folder. Make it first.");
    }

    /// <exception cref="IOException">It cannot be written.</exception>
    public static void Write(string path, IReadOnlyList<BenchRow> rows)
    {
        PlotPanel[] panels = [.. Scaling.Curves(rows).Select(Panel)];
        File.WriteAllText(path, Path.GetExtension(path) == ".svg"
            ? Plot.Svg(Title, panels)
            : Plot.Html(Title, "Both axes are logarithmic; the grey line is linear, through the last point. goodhart bench --only scaling", panels));
    }

    static PlotPanel Panel((string Unit, (double Size, double Seconds)[] Points) curve)
    {
        (double size, double seconds) = curve.Points[^1];
        return new PlotPanel
        {
            Title = $"Time over {curve.Unit}",
            Subtitle = curve.Points.Length < PowerFit.Least ? "ms per step" : Fit(PowerFit.Of(curve.Points)),
            Unit = curve.Unit,
            Label = "measured",
            Points = [.. curve.Points.Select(point => (point.Size, 1e3 * point.Seconds))],
            GuideLabel = "linear",
            Guide = [.. curve.Points.Select(point => (point.Size, 1e3 * seconds * point.Size / size))],
        };
    }

    static string Fit(PowerFit fit) => FormattableString.Invariant($"ms per step, exponent {fit.Exponent:0.00} \u00b1 {fit.Error:0.00}");
}
