namespace Goodhart.Lab.Experiments;

public sealed class EvaluationStepsTests
{
    [Theory]
    [InlineData(1, 2)]
    [InlineData(7, 24)]
    [InlineData(1000, 18)]
    [InlineData(3000, 2)]
    [InlineData(1_000_000, 50)]
    public void They_begin_at_0_end_with_the_last_step_and_increase(int maxSteps, int points)
    {
        IReadOnlyList<int> steps = EvaluationSteps.LogSpaced(maxSteps, points);

        Assert.Equal(0, steps[0]);
        Assert.Equal(maxSteps, steps[^1]);
        Assert.All(steps.Zip(steps.Skip(1)), pair => Assert.True(pair.First < pair.Second));
        Assert.InRange(steps.Count, 2, points + 1);
    }

    [Fact]
    public void They_are_evenly_spread_over_the_logarithm()
    {
        Assert.Equal([0, 10, 100, 1000], EvaluationSteps.LogSpaced(1000, 3));
        int[] late = [.. EvaluationSteps.LogSpaced(10_000, 40).Where(step => step > 100)];
        Assert.All(late.Zip(late.Skip(1)), pair => Assert.Equal(Math.Log(1e4) / 40, Math.Log((double)pair.Second / pair.First), 0.01));
    }

    [Fact]
    public void A_short_run_is_measured_at_every_step() => Assert.Equal([0, 1, 2, 3], EvaluationSteps.LogSpaced(3, 24));
}
