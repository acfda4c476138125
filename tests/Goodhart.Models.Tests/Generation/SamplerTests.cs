using Goodhart.Engine.Randomness;
using Goodhart.Models.Generation;

namespace Goodhart.Models.Tests.Generation;

public sealed class SamplerTests
{
    /// <summary>Probabilities 0.1, 0.4, 0.2 and 0.3.</summary>
    static readonly float[] Logits = [MathF.Log(1), MathF.Log(4), MathF.Log(2), MathF.Log(3)];

    [Fact]
    public void Greedy_takes_the_likeliest_and_among_equals_the_lowest_id()
    {
        Assert.Equal([0, 400, 0, 0], Counts(new() { Greedy = true }, Logits, 400));
        Assert.Equal([0, 10, 0], Counts(new() { Greedy = true }, [1, 3, 3], 10));
    }

    [Fact]
    public void Top_k_of_one_is_greedy() => Assert.Equal([0, 400, 0, 0], Counts(new() { TopK = 1 }, Logits, 400));

    [Theory]
    [InlineData(2, 1f, new[] { 0, 4.0 / 7, 0, 3.0 / 7 })]
    [InlineData(3, 1f, new[] { 0, 4.0 / 9, 2.0 / 9, 3.0 / 9 })]
    [InlineData(9, 1f, new[] { 0.1, 0.4, 0.2, 0.3 })]
    [InlineData(0, 1f, new[] { 0.1, 0.4, 0.2, 0.3 })]
    [InlineData(0, 0.39f, new[] { 0, 1.0, 0, 0 })]
    [InlineData(0, 0.41f, new[] { 0, 4.0 / 7, 0, 3.0 / 7 })]
    [InlineData(0, 0.75f, new[] { 0, 4.0 / 9, 2.0 / 9, 3.0 / 9 })]
    [InlineData(2, 0.75f, new[] { 0, 4.0 / 7, 0, 3.0 / 7 })]
    [InlineData(0, 1e-9f, new[] { 0, 1.0, 0, 0 })]
    public void Truncation_keeps_the_crossing_token_and_the_ratios_of_those_kept(int topK, float topP, double[] expected) =>
        AssertFrequencies(new() { TopK = topK, TopP = topP }, expected);

    [Fact]
    public void Temperature_divides_the_logits_before_truncation()
    {
        AssertFrequencies(new() { SamplingTemperature = 0.5f }, [1.0 / 30, 16.0 / 30, 4.0 / 30, 9.0 / 30]);
        AssertFrequencies(new() { SamplingTemperature = 0.5f, TopP = 0.5f }, [0, 1, 0, 0]);
        AssertFrequencies(new() { SamplingTemperature = 1e-20f }, [0, 1, 0, 0]);
        AssertFrequencies(new() { SamplingTemperature = 1e20f }, [0.25, 0.25, 0.25, 0.25]);
    }

    [Fact]
    public void Among_equally_likely_tokens_truncation_keeps_the_lowest_ids() =>
        Assert.Equal(0, Counts(new() { TopK = 2 }, [0, 0, 0], 400)[2]);

    [Fact]
    public void A_forbidden_token_is_never_drawn() =>
        Assert.Equal([0, 400], Counts(new(), [float.NegativeInfinity, -1e30f], 400));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Logits_that_are_no_numbers_are_refused(bool isGreedy)
    {
        foreach (float[] logits in (float[][])[[float.NaN, float.NaN], [float.PositiveInfinity, 0], [float.NegativeInfinity, float.NegativeInfinity]])
        {
            ArithmeticException error = Assert.Throws<ArithmeticException>(() => Sampler.Draw(logits, new() { Greedy = isGreedy }, new Rng(1, "draws")));
            Assert.Contains("the logits are not finite", error.Message);
        }
    }

    static void AssertFrequencies(GenerationOptions options, double[] expected)
    {
        const int Draws = 4000;
        int[] counts = Counts(options, Logits, Draws);
        for (int i = 0; i < expected.Length; i++)
        {
            double deviation = Math.Sqrt(Draws * expected[i] * (1 - expected[i]));
            Assert.InRange(counts[i], Draws * expected[i] - 4 * deviation, Draws * expected[i] + 4 * deviation);
        }
    }

    static int[] Counts(GenerationOptions options, float[] logits, int draws)
    {
        Rng rng = new(1, "draws");
        int[] counts = new int[logits.Length];
        for (int i = 0; i < draws; i++)
            counts[Sampler.Draw(logits, options, rng)]++;
        return counts;
    }
}
