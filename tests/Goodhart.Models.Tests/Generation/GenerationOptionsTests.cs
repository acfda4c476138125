using Goodhart.Models.Generation;

namespace Goodhart.Models.Tests.Generation;

public sealed class GenerationOptionsTests
{
    [Fact]
    public void The_defaults_have_no_problems() => Assert.Empty(new GenerationOptions().Validate());

    [Fact]
    public void Every_problem_has_its_message()
    {
        GenerationOptions options = new() { MaxNewTokens = 0, SamplingTemperature = 0, TopK = -1, TopP = 1.5f, BatchSize = 0 };

        Assert.Equal(
        [
            "max_new_tokens should be at least 1, got 0.",
            "sampling_temperature should be above 0, got 0; for the likeliest token, use greedy.",
            "top_k should be at least 0, got -1.",
            "top_p should be above 0 and at most 1, got 1.5.",
            "batch_size should be at least 1, got 0.",
        ], options.Validate());
    }

    [Fact]
    public void What_is_no_number_is_a_problem()
    {
        Assert.Single(new GenerationOptions { SamplingTemperature = float.NaN }.Validate());
        Assert.Single(new GenerationOptions { SamplingTemperature = float.PositiveInfinity }.Validate());
        Assert.Single(new GenerationOptions { TopP = float.NaN }.Validate());
        Assert.Single(new GenerationOptions { TopP = 0 }.Validate());
    }
}
