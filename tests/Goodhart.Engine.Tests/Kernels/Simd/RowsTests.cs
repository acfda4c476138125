using Goodhart.Engine.Kernels.Simd;
using Goodhart.Engine.Randomness;
using Goodhart.Engine.Tests.Reference;

namespace Goodhart.Engine.Tests.Kernels.Simd;

public sealed class RowsTests
{
    public static TheoryData<int> Widths => [.. Sizes.Widths];

    [Theory]
    [MemberData(nameof(Widths))]
    public void Max_finds_the_largest_value_wherever_it_is(int width)
    {
        for (int at = 0; at < width; at++)
        {
            float[] x = Random(width);
            x[at] = 100;
            Assert.Equal(100, Rows.Max(x));
        }
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void A_nan_anywhere_shows_in_log_sum_exp(int width)
    {
        for (int at = 0; at < width; at++)
        {
            float[] x = Random(width);
            x[at] = float.NaN;
            Assert.True(float.IsNaN(Rows.LogSumExp(x, 1)), $"LogSumExp, NaN at {at} of {width}.");
        }
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void Log_sum_exp_matches_double_precision(int width)
    {
        foreach (float scale in (float[])[1, 0.5f, 0.125f])
        {
            float[] x = Random(width);
            double expected = Math.Log(x.Sum(value => Math.Exp(scale * value)));
            Assert.Equal(expected, Rows.LogSumExp(x, scale), 1e-6 * Math.Max(1, Math.Abs(expected)));
        }
    }

    [Fact]
    public void Log_sum_exp_of_huge_values_is_their_maximum()
    {
        Assert.Equal(1e30f, Rows.LogSumExp([1e30f, -1e30f, 0], 1));
        Assert.Equal(-1e30f, Rows.LogSumExp([-1e30f], 1));
    }

    [Fact]
    public void Log_sum_exp_of_infinities_is_infinite()
    {
        float[] x = Random(9);
        x[3] = float.PositiveInfinity;
        Assert.Equal(float.PositiveInfinity, Rows.LogSumExp(x, 1));

        Array.Fill(x, float.NegativeInfinity);
        Assert.Equal(float.NegativeInfinity, Rows.LogSumExp(x, 1));

        x[8] = 2;
        Assert.Equal(2f, Rows.LogSumExp(x, 1));
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void Dot_and_add_scaled_match_double_precision(int width)
    {
        float[] a = Random(width), b = Random(width + 1)[1..], y = [.. b];
        Assert.Equal(a.Zip(b, (x, z) => (double)x * z).Sum(), Rows.Dot(a, b), 1e-4);

        Rows.AddScaled(a, 0.5f, y);
        for (int i = 0; i < width; i++)
            Assert.Equal(b[i] + 0.5 * a[i], y[i], 1e-5);
    }

    static float[] Random(int width)
    {
        Rng rng = new(1, "row", width);
        float[] x = new float[width];
        foreach (ref float value in x.AsSpan())
            value = (float)(3 * rng.NextGaussian());
        return x;
    }
}
