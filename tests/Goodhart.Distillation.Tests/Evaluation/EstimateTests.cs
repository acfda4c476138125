using Goodhart.Distillation.Evaluation;

namespace Goodhart.Distillation.Tests.Evaluation;

public sealed class EstimateTests
{
    [Fact]
    public void Means_and_errors_are_those_of_the_formulas()
    {
        var estimate = Estimate.Of([(3, 2), (1, 1), (5, 4)]);

        Assert.Equal(9.0 / 7, estimate.PerToken, 1e-12);
        Assert.Equal(Math.Sqrt(1.5 * (9 + 4 + 1) / 49) / 7, estimate.PerTokenStdErr, 1e-12); // Residuals 3/7, -2/7 and -1/7.
        Assert.Equal(3, estimate.PerSequence, 1e-12);
        Assert.Equal(2 / Math.Sqrt(3), estimate.PerSequenceStdErr, 1e-12); // A deviation of 2 over the root of 3.
    }

    [Fact]
    public void Where_all_completions_are_equally_long_both_relative_errors_agree()
    {
        var estimate = Estimate.Of([(3, 4), (1, 4), (5, 4), (2, 4)]);

        Assert.Equal(estimate.PerSequence, 4 * estimate.PerToken, 1e-12);
        Assert.Equal(estimate.PerSequenceStdErr, 4 * estimate.PerTokenStdErr, 1e-12);
    }

    [Fact]
    public void One_prompt_has_no_error_to_tell()
    {
        var estimate = Estimate.Of([(3, 2)]);

        Assert.Equal((1.5, 3.0), (estimate.PerToken, estimate.PerSequence));
        Assert.True(double.IsNaN(estimate.PerTokenStdErr) && double.IsNaN(estimate.PerSequenceStdErr));
    }
}
