using Goodhart.Engine.Optimizers;
using Goodhart.Engine.Tensors;

namespace Goodhart.Engine.Tests.Optimizers;

public sealed class GradientClippingTests
{
    [Fact]
    public void A_long_gradient_is_scaled_to_the_bound_and_keeps_its_direction()
    {
        ParameterSet parameters = WithGradients(3, 4, 12);

        Assert.Equal(13, GradientClipping.Clip(parameters, maxNorm: 6.5), 1e-12);
        Assert.Equal([1.5f, 2, 6], Gradients(parameters));
    }

    [Theory]
    [InlineData(13)]
    [InlineData(100)]
    [InlineData(0)]
    [InlineData(-1)]
    public void A_gradient_within_the_bound_or_without_one_is_left_alone(double maxNorm)
    {
        ParameterSet parameters = WithGradients(3, 4, 12);

        Assert.Equal(13, GradientClipping.Clip(parameters, maxNorm), 1e-12);
        Assert.Equal([3, 4, 12], Gradients(parameters));
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(1e30f)]
    public void A_gradient_whose_norm_is_not_finite_is_reported_and_left_alone(float bad)
    {
        ParameterSet parameters = WithGradients(3, bad, 12);

        Assert.False(double.IsFinite(GradientClipping.Clip(parameters, maxNorm: 1)));
        Assert.Equal([3, bad, 12], Gradients(parameters));
    }

    [Fact]
    public void The_norm_of_a_million_gradients_is_right_to_four_digits()
    {
        ParameterSet parameters = new([("w", [1000, 1001])], trainable: true);
        parameters.Gradients.Fill(0.1f);

        Assert.Equal(0.1 * Math.Sqrt(1_001_000), GradientClipping.Clip(parameters, maxNorm: 0), 1e-2);
    }

    /// <summary>The last number is another parameter's.</summary>
    static ParameterSet WithGradients(float a, float b, float c)
    {
        ParameterSet parameters = new([("two", [1, 2]), ("one", [1])], trainable: true);
        (parameters["two"].Gradient.Span[0], parameters["two"].Gradient.Span[1], parameters["one"].Gradient.Span[0]) = (a, b, c);
        return parameters;
    }

    static float[] Gradients(ParameterSet parameters) => [.. parameters["two"].Gradient.Span, .. parameters["one"].Gradient.Span];
}
