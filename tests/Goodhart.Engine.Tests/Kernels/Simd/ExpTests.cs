using System.Runtime.Intrinsics;
using Goodhart.Engine.Kernels.Simd;

namespace Goodhart.Engine.Tests.Kernels.Simd;

public sealed class ExpTests
{
    const int Stride = 8009;

    [Fact]
    public void Is_right_to_two_units_in_the_last_place()
    {
        foreach (float x in Ulps.Sweep(float.Epsilon, 88.37f, Stride).SelectMany(group => group))
        {
            AssertClose(x);
            if (x < 87.336f)
                AssertClose(-x);
        }

        static void AssertClose(float x)
        {
            if (Ulps.Between(Exp.Of(x), Math.Exp(x)) > 2)
                Assert.Fail($"e^{x} should be {Math.Exp(x)}, got {Exp.Of(x)}.");
        }
    }

    [Fact]
    public void Eight_lanes_have_the_bits_of_eight_scalars()
    {
        foreach (float[] group in Ulps.Sweep(float.Epsilon, float.MaxValue, 3 * Stride))
        {
            AssertSame(group);
            AssertSame(Array.ConvertAll(group, x => -x));
        }

        AssertSame([0f, -0f, float.NaN, float.PositiveInfinity, float.NegativeInfinity, 88.72f, -87.33654f, -87.3366f]);

        static void AssertSame(float[] x)
        {
            Vector256<float> lanes = Exp.Of(Vector256.Create(x));
            for (int i = 0; i < x.Length; i++)
            {
                if (!lanes[i].Equals(Exp.Of(x[i])))
                    Assert.Fail($"e^{x[i]}: a lane gives {lanes[i]}, the scalar {Exp.Of(x[i])}.");
            }
        }
    }

    [Theory]
    [InlineData(0f, 1f)]
    [InlineData(float.Epsilon, 1f)]
    [InlineData(-1e-40f, 1f)]
    [InlineData(float.NegativeInfinity, 0f)]
    [InlineData(float.MinValue, 0f)]
    [InlineData(-87.34f, 0f)]
    [InlineData(88.38f, float.PositiveInfinity)]
    [InlineData(float.MaxValue, float.PositiveInfinity)]
    [InlineData(float.PositiveInfinity, float.PositiveInfinity)]
    [InlineData(float.NaN, float.NaN)]
    public void Limits_are_exact(float x, float expected) => Assert.Equal(expected, Exp.Of(x));

    [Fact]
    public void Of_minus_zero_is_one() => Assert.Equal(1f, Exp.Of(-0f));

    [Fact]
    public void Never_falls_as_its_argument_rises()
    {
        float last = 0;
        for (float x = -90; x <= 90; x += 0.001f)
        {
            float now = Exp.Of(x);
            if (now < last)
                Assert.Fail($"e^{x} should be at least {last}, got {now}.");
            last = now;
        }
    }
}
