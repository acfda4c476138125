using Goodhart.Detection.Curves;

namespace Goodhart.Detection.Tests.Curves;

public class CurveTests
{
    [Theory]
    [InlineData(10, 0.5, "point 2: steps should strictly increase, but step 10 is repeated")]
    [InlineData(9, 0.5, "point 2: steps should strictly increase, but step 9 follows step 10")]
    [InlineData(20, double.NaN, "point 2: proxy should be a finite number, got NaN")]
    [InlineData(20, -0.01, "point 2: proxy should not be negative, got -0.01")]
    [InlineData(double.PositiveInfinity, 0.5, "point 2: step should be a finite number")]
    public void A_bad_point_is_named_with_the_rule_it_breaks(double step, double proxy, string expected)
    {
        var problem = Assert.Throws<CurveException>(() => new Curve([new(10, 0.6), new(step, proxy)]));
        Assert.StartsWith(expected, problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Golden_errors_and_training_distances_are_checked_too()
    {
        Assert.Throws<CurveException>(() => new Curve([new(1, 1, Golden: double.NaN)]));
        Assert.Throws<CurveException>(() => new Curve([new(1, 1, ProxyStdErr: -1)]));
        Assert.Throws<CurveException>(() => new Curve([new(1, 1, TrainProxy: -1)]));
        Assert.Throws<CurveException>(() => new Curve([]));
    }

    [Fact]
    public void A_curve_does_not_change_with_the_list_it_was_made_from()
    {
        List<CurvePoint> points = [new(1, 1)];
        var curve = new Curve(points);
        points.Add(new(0, 5));
        Assert.Single(curve.Points);
    }
}
