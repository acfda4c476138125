using Goodhart.Engine.Optimizers;

namespace Goodhart.Engine.Tests.Optimizers;

public sealed class LearningRateScheduleTests
{
    const double Peak = 0.5, Floor = 0.1;

    [Theory]
    [InlineData(ScheduleKind.Constant, 1, 0.05)]
    [InlineData(ScheduleKind.Constant, 5, 0.25)]
    [InlineData(ScheduleKind.Constant, 10, Peak)]
    [InlineData(ScheduleKind.Constant, 11, Peak)]
    [InlineData(ScheduleKind.Constant, 110, Peak)]
    [InlineData(ScheduleKind.Linear, 1, 0.05)]
    [InlineData(ScheduleKind.Linear, 10, Peak)]
    [InlineData(ScheduleKind.Linear, 11, Peak - 0.004)]
    [InlineData(ScheduleKind.Linear, 60, 0.3)]
    [InlineData(ScheduleKind.Linear, 110, Floor)]
    [InlineData(ScheduleKind.Linear, 200, Floor)]
    [InlineData(ScheduleKind.Cosine, 1, 0.05)]
    [InlineData(ScheduleKind.Cosine, 10, Peak)]
    [InlineData(ScheduleKind.Cosine, 35, 0.4414213562)]
    [InlineData(ScheduleKind.Cosine, 60, 0.3)]
    [InlineData(ScheduleKind.Cosine, 110, Floor)]
    [InlineData(ScheduleKind.Cosine, 200, Floor)]
    [InlineData(ScheduleKind.WarmupStableDecay, 1, 0.05)]
    [InlineData(ScheduleKind.WarmupStableDecay, 10, Peak)]
    [InlineData(ScheduleKind.WarmupStableDecay, 90, Peak)]
    [InlineData(ScheduleKind.WarmupStableDecay, 91, Peak - 0.02)]
    [InlineData(ScheduleKind.WarmupStableDecay, 100, 0.3)]
    [InlineData(ScheduleKind.WarmupStableDecay, 110, Floor)]
    [InlineData(ScheduleKind.WarmupStableDecay, 200, Floor)]
    public void Ten_steps_of_warm_up_then_a_hundred_of_its_kind(ScheduleKind kind, int step, double expected)
    {
        LearningRateSchedule schedule = new(kind, Peak, TotalSteps: 110, WarmupSteps: 10) { Floor = Floor, DecaySteps = 20 };

        Assert.Equal(expected, schedule.At(step), 1e-9);
    }

    [Theory]
    [InlineData(ScheduleKind.Constant, Peak)]
    [InlineData(ScheduleKind.Linear, Peak * 0.99)]
    [InlineData(ScheduleKind.Cosine, 0.4998766401)]
    [InlineData(ScheduleKind.WarmupStableDecay, Peak)]
    public void Without_warm_up_the_first_step_is_near_the_peak(ScheduleKind kind, double expected) =>
        Assert.Equal(expected, new LearningRateSchedule(kind, Peak, TotalSteps: 100).At(1), 1e-9);

    [Fact]
    public void The_final_decay_takes_a_tenth_of_the_run_unless_said()
    {
        LearningRateSchedule schedule = new(ScheduleKind.WarmupStableDecay, Peak, TotalSteps: 200);

        Assert.Equal(Peak, schedule.At(180));
        Assert.Equal(Peak / 2, schedule.At(190), 1e-12);
        Assert.Equal(0, schedule.At(200), 1e-12);
    }

    [Theory]
    [InlineData(ScheduleKind.Constant)]
    [InlineData(ScheduleKind.Linear)]
    [InlineData(ScheduleKind.Cosine)]
    [InlineData(ScheduleKind.WarmupStableDecay)]
    public void A_run_that_is_all_warm_up_ends_at_the_peak(ScheduleKind kind) =>
        Assert.Equal(Peak, new LearningRateSchedule(kind, Peak, TotalSteps: 10, WarmupSteps: 10).At(10));

    [Theory]
    [InlineData(ScheduleKind.Linear)]
    [InlineData(ScheduleKind.Cosine)]
    [InlineData(ScheduleKind.WarmupStableDecay)]
    public void After_the_warm_up_the_rate_never_rises(ScheduleKind kind)
    {
        LearningRateSchedule schedule = new(kind, Peak, TotalSteps: 500, WarmupSteps: 20) { Floor = Floor };
        for (int step = 21; step <= 500; step++)
            Assert.InRange(schedule.At(step), Floor - 1e-12, schedule.At(step - 1));
    }
}
