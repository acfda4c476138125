using System.Xml.Linq;

namespace Goodhart.Cli.Benchmarks;

public sealed class ScalingTests
{
    [Theory]
    [InlineData(1.0)]
    [InlineData(0.5)]
    [InlineData(2.0)]
    public void A_power_is_found_again(double exponent)
    {
        PowerFit fit = PowerFit.Of([.. new double[] { 1, 10, 100, 1000 }.Select(size => (size, 0.25 * Math.Pow(size, exponent)))]);

        Assert.Equal(exponent, fit.Exponent, 9);
        Assert.Equal(0.25, fit.Factor, 9);
        Assert.Equal(0, fit.Error, 6);
    }

    [Fact]
    public void The_error_is_two_standard_errors_of_the_slope()
    {
        // By hand: x = 0, 1, 2; y = 0, 1, 0; slope 0, residuals' squares 2/3, one degree of freedom, Sxx = 2: 2 sqrt(1/3).
        PowerFit fit = PowerFit.Of([(1, 1), (Math.E, Math.E), (Math.E * Math.E, 1)]);

        Assert.Equal(0, fit.Exponent, 9);
        Assert.Equal(2 / Math.Sqrt(3), fit.Error, 9);
    }

    [Theory]
    [InlineData(0.9, true)]
    [InlineData(1.3, false)]
    public void An_exponent_above_one_misses_the_target(double exponent, bool met)
    {
        BenchRow fit = Assert.Single(Scaling.Fits(Rows(exponent)));

        Assert.Equal("scaling-tokens", fit.Case);
        Assert.Equal(met, fit.TargetMet);
        Assert.Equal(exponent, fit.UpperExponent!.Value, 6);
    }

    [Fact]
    public void Each_axis_spans_its_range_in_even_steps_of_logarithms()
    {
        StepCase[] cases = [.. Scaling.Cases(2).Cast<StepCase>()];

        foreach ((string axis, double first, double last) in new[] { ("tokens", 256, 16384), ("parameters", 50e3, 20e6), ("vocabulary", 512.0, 65536.0) })
        {
            double[] sizes = [.. cases.Where(each => each.Name.StartsWith(axis, StringComparison.Ordinal)).Select(each => each.Size!.Value)];
            Assert.InRange(sizes[0] / first, 0.9, 1.1);
            Assert.InRange(sizes[^1] / last, 0.9, 1.1);
            Assert.All(sizes.Zip(sizes.Skip(1), (a, b) => b / a), ratio => Assert.InRange(ratio, 1.9, 2.7));
        }
    }

    [Theory]
    [InlineData(".svg")]
    [InlineData(".html")]
    public void The_plot_is_well_formed_and_names_the_exponent(string extension)
    {
        using TemporaryFolder folder = new();
        string path = folder.PathOf("scaling" + extension);

        ScalingPlot.Write(path, Rows(0.9));

        string text = File.ReadAllText(path);
        XDocument.Parse(text[text.IndexOf("<svg", StringComparison.Ordinal)..(text.LastIndexOf("</svg>", StringComparison.Ordinal) + 6)]);
        Assert.Contains("exponent 0.90 \u00b1 0.00", text);
        Assert.Contains("linear", text);
    }

    static BenchRow[] Rows(double exponent) => [.. Enumerable.Range(0, 7).Select(i => 256.0 * (1 << i)).Select(size => new BenchRow
    {
        Case = FormattableString.Invariant($"tokens-{size:0}"),
        Group = Scaling.Group,
        What = "",
        Size = size,
        SecondsPerStep = 1e-6 * Math.Pow(size, exponent),
    })];
}
