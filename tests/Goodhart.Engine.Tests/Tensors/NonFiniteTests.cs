using Goodhart.Engine.Tensors;

namespace Goodhart.Engine.Tests.Tensors;

public sealed class NonFiniteTests
{
    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    public void One_bad_value_is_found_wherever_it_is(float bad)
    {
        foreach (int length in (int[])[1, 7, 8, 255, 256, 257, 600])
        {
            float[] values = new float[length];
            for (int at = 0; at < length; at++)
            {
                values[at] = bad;
                Assert.False(NonFinite.IsAllFinite(values));
                values[at] = float.MaxValue;
            }

            Assert.True(NonFinite.IsAllFinite(values));
        }
    }

    [Fact]
    public void Infinities_of_both_signs_do_not_cancel() =>
        Assert.False(NonFinite.IsAllFinite([float.PositiveInfinity, float.NegativeInfinity]));

    [Fact]
    public void The_largest_smallest_and_no_values_at_all_are_finite()
    {
        Assert.True(NonFinite.IsAllFinite([float.MaxValue, float.MinValue, float.Epsilon, -0f]));
        Assert.True(NonFinite.IsAllFinite([]));
    }
}
