using System.Runtime.Intrinsics;
using Goodhart.Engine.Kernels.Simd;

namespace Goodhart.Engine.Tests.Kernels.Simd;

public sealed class LogTests
{
    const int Stride = 8009;
    const float SmallestNormal = 1.17549435e-38f;

    [Fact]
    public void Is_right_to_two_units_in_the_last_place()
    {
        foreach (float x in Ulps.Sweep(SmallestNormal, float.MaxValue, Stride).SelectMany(group => group))
            AssertClose(x);
        foreach (float x in Ulps.Sweep(0.99f, 1.01f, 7).SelectMany(group => group))
            AssertClose(x);

        static void AssertClose(float x)
        {
            if (Ulps.Between(Log.Of(x), Math.Log(x)) > 2)
                Assert.Fail($"log {x} should be {Math.Log(x)}, got {Log.Of(x)}.");
        }
    }

    [Fact]
    public void Eight_lanes_have_the_bits_of_eight_scalars()
    {
        foreach (float[] group in Ulps.Sweep(float.Epsilon, float.MaxValue, 3 * Stride))
        {
            Vector256<float> lanes = Log.Of(Vector256.Create(group));
            for (int i = 0; i < group.Length; i++)
                Assert.Equal(Log.Of(group[i]), lanes[i]);
        }
    }

    [Theory]
    [InlineData(0f)]
    [InlineData(float.Epsilon)]
    [InlineData(1e-40f)]
    public void Zero_and_subnormal_numbers_count_as_the_smallest_normal_one(float x) => Assert.Equal(Log.Of(SmallestNormal), Log.Of(x));

    [Fact]
    public void Minus_zero_counts_as_zero() => Assert.Equal(Log.Of(0f), Log.Of(-0f));

    [Fact]
    public void Of_one_is_exactly_zero() => Assert.Equal(0f, Log.Of(1f));

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void What_is_not_a_number_is_kept(float x) => Assert.Equal(x, Log.Of(x));
}
