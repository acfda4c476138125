using Goodhart.Engine.Randomness;

namespace Goodhart.Engine.Tests.Randomness;

public sealed class RngTests
{
    [Fact]
    public void The_numbers_are_those_of_xoshiro256_plus_plus()
    {
        // The published generator from the state 1, 2, 3, 4.
        Rng rng = new(0, "any") { State = (1, 2, 3, 4) };

        ulong[] expected = [41943041, 58720359, 3588806011781223, 3591011842654386, 9228616714210784205];
        Assert.Equal(expected, expected.Select(_ => rng.NextUInt64()));
    }

    [Fact]
    public void The_same_seed_name_and_index_give_the_same_stream() =>
        Assert.Equal(Numbers(new Rng(7, "data", 3)), Numbers(new Rng(7, "data", 3)));

    [Fact]
    public void Another_seed_name_or_index_gives_another_stream()
    {
        Rng[] streams =
        [
            new(0, "data"), new(1, "data"), new(-1, "data"), new(0, "init"), new(0, "Data"), new(0, "atad"), new(0, ""),
            new(0, "data", 1), new(0, "data", 2), new(1, "data", 1), new(long.MaxValue, "data"), new(long.MinValue, "data"),
        ];

        Assert.Equal(streams.Length * 10, streams.SelectMany(rng => Numbers(rng).Take(10)).Distinct().Count());
    }

    [Fact]
    public void Neighbouring_seeds_and_indices_are_uncorrelated()
    {
        double sum = 0;
        for (int i = 0; i < 1000; i++)
            sum += First(new(i, "data")) * First(new(i + 1, "data")) + First(new(0, "data", i)) * First(new(0, "data", i + 1));

        // Each product has a standard deviation of 1/12.
        Assert.InRange(sum / Math.Sqrt(2000) * 12, -4, 4);

        static double First(Rng rng) => rng.NextDouble() - 0.5;
    }

    [Fact]
    public void A_stored_state_goes_on_where_it_was_stored()
    {
        Rng rng = new(1, "data");
        Numbers(rng);
        var state = rng.State;
        ulong[] expected = Numbers(rng);

        Assert.Equal(expected, Numbers(new Rng(2, "other") { State = state }));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(100)]
    public void Integers_are_uniform_below_their_bound(int bound)
    {
        Rng rng = new(1, "uniform");
        int[] counts = new int[bound];
        for (int i = 0; i < 1000 * bound; i++)
            counts[rng.NextInt(bound)]++;

        AssertUniform(counts);
    }

    [Fact]
    public void Doubles_are_uniform_from_zero_to_below_one()
    {
        Rng rng = new(1, "uniform");
        int[] counts = new int[50];
        for (int i = 0; i < 50_000; i++)
        {
            double x = rng.NextDouble();
            Assert.True(x is >= 0 and < 1);
            counts[(int)(x * counts.Length)]++;
        }

        AssertUniform(counts);
    }

    [Fact]
    public void A_bound_of_one_gives_zero_and_the_largest_is_respected()
    {
        Rng rng = new(1, "bounds");
        for (int i = 0; i < 1000; i++)
        {
            Assert.Equal(0, rng.NextInt(1));
            Assert.InRange(rng.NextInt(int.MaxValue), 0, int.MaxValue - 1);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-5)]
    public void A_bound_below_one_is_refused(int bound) => Assert.Throws<ArgumentOutOfRangeException>(() => new Rng(1, "bounds").NextInt(bound));

    [Fact]
    public void A_permutation_holds_every_number_once()
    {
        Rng rng = new(1, "order");
        foreach (int count in (int[])[0, 1, 2, 10, 1000])
            Assert.Equal(Enumerable.Range(0, count), rng.Permutation(count).Order());
    }

    [Fact]
    public void All_orders_of_four_are_equally_likely()
    {
        Rng rng = new(1, "order");
        Dictionary<string, int> counts = [];
        for (int i = 0; i < 24_000; i++)
        {
            string order = string.Concat(rng.Permutation(4));
            counts[order] = counts.GetValueOrDefault(order) + 1;
        }

        Assert.Equal(24, counts.Count);
        AssertUniform([.. counts.Values]);
    }

    [Fact]
    public void Gaussians_have_the_moments_of_the_standard_normal()
    {
        const int Count = 200_000;
        Rng rng = new(1, "normal");
        double[] x = [.. Enumerable.Range(0, Count).Select(_ => rng.NextGaussian())];

        // Within five standard errors, which are the roots of 1, 2, 15 and 96 over the count.
        double error = 5 / Math.Sqrt(Count);
        Assert.Equal(0, x.Average(), error);
        Assert.Equal(1, x.Average(v => v * v), error * Math.Sqrt(2));
        Assert.Equal(0, x.Average(v => v * v * v), error * Math.Sqrt(15));
        Assert.Equal(3, x.Average(v => v * v * v * v), error * Math.Sqrt(96));
        Assert.All(x, v => Assert.True(double.IsFinite(v)));
    }

    static ulong[] Numbers(Rng rng) => [.. Enumerable.Range(0, 100).Select(_ => rng.NextUInt64())];

    /// <summary>Chi-square within five standard deviations of its mean; the seeds are fixed, so this passes always or never.</summary>
    static void AssertUniform(int[] counts)
    {
        double expected = counts.Average(), chiSquare = counts.Sum(count => (count - expected) * (count - expected) / expected);
        Assert.InRange(chiSquare, 0, counts.Length - 1 + 5 * Math.Sqrt(2 * (counts.Length - 1)));
    }
}
