using FsCheck;
using FsCheck.Xunit;

namespace Goodhart.Lab.Report;

public sealed class AxisTests
{
    [Theory]
    [InlineData(0.16, 0.78, "0.2 0.3 0.4 0.5 0.6 0.7 0.8")]
    [InlineData(0, 1, "0.0 0.2 0.4 0.6 0.8 1.0")]
    [InlineData(-3, 12, "0 5 10")]
    [InlineData(0.9951, 0.9963, "0.9952 0.9954 0.9956 0.9958 0.9960 0.9962")]
    public void Linear_ticks_are_round_and_share_their_decimals(double low, double high, string ticks) =>
        Assert.Equal(ticks, Labels(new LinearAxis([low, high])));

    [Theory]
    [InlineData(1, 3000, "1 10 100 1,000")]
    [InlineData(0.15, 0.8, "0.15 0.2 0.3 0.4 0.6 0.8")]
    [InlineData(0.02, 0.8, "0.03 0.1 0.3")]
    [InlineData(0.7, 1.1, "0.7 0.8 0.9 1.0 1.1")]
    [InlineData(1, 1e12, "1 100 10,000 1,000,000 100,000,000 10,000,000,000 1,000,000,000,000")]
    public void Log_ticks_are_round_at_every_range(double low, double high, string ticks) =>
        Assert.Equal(ticks, Labels(new LogAxis([low, high], room: 0, withZero: false)));

    [Fact]
    public void Step_zero_has_a_place_of_its_own_on_a_log_axis()
    {
        LogAxis axis = new([0, 1, 10, 100], room: 0, withZero: true);
        Assert.Equal("0 1 10 100", Labels(axis));
        Assert.Equal(0, axis.Share(0));
        Assert.InRange(axis.Share(1), 0.01, 0.2);
        Assert.Equal(1, axis.Share(100), 12);
    }

    [Property]
    public void Every_tick_lies_on_its_axis(NormalFloat a, NormalFloat b)
    {
        double low = Math.Min(Math.Abs(a.Get), Math.Abs(b.Get)), high = Math.Max(Math.Abs(a.Get), Math.Abs(b.Get));
        foreach (Axis axis in new Axis[] { new LinearAxis([low, high]), new LogAxis([low, high], 0.06, withZero: false) })
        {
            Assert.InRange(axis.Ticks.Count, 1, 9);
            Assert.All(axis.Ticks, tick => Assert.InRange(axis.Share(tick.Value), -1e-3, 1.001));
        }
    }

    static string Labels(Axis axis) => string.Join(' ', axis.Ticks.Select(tick => tick.Label));
}
