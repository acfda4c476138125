using FsCheck.Xunit;
using Goodhart.Detection.Laws;

namespace Goodhart.Detection.Tests.Laws;

public class LawFitTests
{
    static readonly double[] Steps = Synthetic.Steps(20);

    [Theory]
    [InlineData(2, 0.3)]
    [InlineData(0.01, 1.5)]
    [InlineData(1e6, 0.05)]
    public void A_clean_power_law_is_recovered_exactly(double a, double b)
    {
        var truth = new PowerLaw(a, b, 0);
        FittedLaw fit = LawFit.Best(Steps, Of(truth));
        AssertClose(truth, fit.Law, 1e-9);
        Assert.InRange(fit.ResidualSigma, 0, 1e-9);
    }

    [Theory]
    [InlineData(2, 0.3, 0.1)]
    [InlineData(2, 0.8, 0.3)]
    [InlineData(0.5, 0.5, 0.002)]
    [InlineData(300, 0.4, 50)]
    public void A_clean_law_with_a_floor_is_recovered(double a, double b, double c)
    {
        var truth = new PowerLaw(a, b, c);
        FittedLaw fit = LawFit.Best(Steps, Of(truth));
        AssertClose(truth, fit.Law, 1e-5);
    }

    [Fact]
    public void A_noisy_law_is_recovered_within_its_noise_and_the_noise_is_reported()
    {
        var random = new Random(3);
        var truth = new PowerLaw(2, 0.3, 0);
        double[] steps = Synthetic.Steps(60);
        FittedLaw fit = LawFit.WithoutOffset(steps, [.. steps.Select(Synthetic.Noisy(truth.At, 0.02, random))]);
        AssertClose(truth, fit.Law, 0.03);
        Assert.InRange(fit.ResidualSigma, 0.015, 0.025);
        Assert.Equal((10, 60), (fit.FirstStep, fit.Points));
    }

    [Fact]
    public void Noise_alone_rarely_makes_the_criterion_choose_a_floor()
    {
        var random = new Random(4);
        var truth = new PowerLaw(2, 0.3, 0);
        int floors = Enumerable.Range(0, 200).Count(_ =>
            LawFit.Best(Steps, [.. Steps.Select(Synthetic.Noisy(truth.At, 0.02, random))]).Law.Offset > 0);
        Assert.InRange(floors, 0, 20);
    }

    [Property]
    public void Other_units_change_only_the_units(byte exponent, byte floor, byte noise)
    {
        var random = new Random(noise);
        var truth = new PowerLaw(2, 0.1 + exponent / 256.0, floor / 1000.0);
        double[] distances = [.. Steps.Select(Synthetic.Noisy(truth.At, 0.01, random))];
        FittedLaw fit = LawFit.Best(Steps, distances);
        FittedLaw scaled = LawFit.Best([.. Steps.Select(step => step * 4)], [.. distances.Select(distance => distance * 1024)]);

        Assert.Equal(fit.Law.Exponent, scaled.Law.Exponent, 1e-6 * fit.Law.Exponent);
        Assert.Equal(1024 * fit.Law.Offset, scaled.Law.Offset, 1e-6 * 1024);
        Assert.Equal(1024 * fit.Law.At(500), scaled.Law.At(2000), 1e-6 * scaled.Law.At(2000));
    }

    [Fact]
    public void Step_0_has_no_place_in_a_law()
    {
        var misuse = Assert.Throws<ArgumentException>(() => LawFit.Best([0, 1, 2], [3, 2, 1]));
        Assert.Contains("step 0", misuse.Message, StringComparison.Ordinal);
    }

    static double[] Of(PowerLaw law) => [.. Steps.Select(law.At)];

    static void AssertClose(PowerLaw expected, PowerLaw actual, double relative)
    {
        Assert.Equal(expected.Amplitude, actual.Amplitude, relative * expected.Amplitude);
        Assert.Equal(expected.Exponent, actual.Exponent, relative * expected.Exponent);
        Assert.Equal(expected.Offset, actual.Offset, relative * expected.Offset);
    }
}
