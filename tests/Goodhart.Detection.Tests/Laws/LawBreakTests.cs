using Goodhart.Detection.Laws;

namespace Goodhart.Detection.Tests.Laws;

public class LawBreakTests
{
    static readonly double[] Steps = [0, .. Synthetic.Steps(30)];

    [Fact]
    public void A_law_that_stops_is_flagged_within_two_evaluations_of_its_end()
    {
        var law = new PowerLaw(2, 0.3, 0);
        LawReading reading = Find(Synthetic.Turning(law, turn: 400, exponentAfter: 0));

        Assert.InRange(reading.DepartureStep!.Value, 400, 400 * 1.7);
        Assert.Equal(0.3, reading.Early.Law.Exponent, 0.01);
        Assert.InRange(reading.Early.LastStep, 100, 400);
    }

    [Fact]
    public void A_law_that_is_kept_is_not_flagged()
    {
        Assert.Null(Find(new PowerLaw(2, 0.3, 0).At).DepartureStep);
        Assert.Null(Find(new PowerLaw(2, 0.5, 0.1).At).DepartureStep);
    }

    [Fact]
    public void Falling_faster_than_the_law_is_no_departure() =>
        Assert.Null(Find(Synthetic.Turning(new PowerLaw(2, 0.3, 0), turn: 400, exponentAfter: 0.6)).DepartureStep);

    [Fact]
    public void Two_outliers_are_no_departure_where_three_evaluations_are_asked_for()
    {
        var law = new PowerLaw(2, 0.3, 0);
        Assert.Null(Find(step => law.At(step) * (step is > 2000 and < 3300 ? 1.3 : 1)).DepartureStep);
        Assert.NotNull(Find(step => law.At(step) * (step is > 2000 and < 4500 ? 1.3 : 1)).DepartureStep);
    }

    [Fact]
    public void A_departure_inside_the_stated_errors_is_not_flagged()
    {
        Func<double, double> bent = Synthetic.Turning(new PowerLaw(2, 0.3, 0), turn: 400, exponentAfter: 0.15);
        double[] distances = Distances(bent);
        Assert.NotNull(LawBreak.Find(Steps, distances, new double?[Steps.Length], new LawBreakRule())!.DepartureStep);
        Assert.Null(LawBreak.Find(
            Steps, distances, [.. distances.Select(distance => (double?)(0.2 * distance))], new LawBreakRule())!.DepartureStep);
    }

    [Fact]
    public void The_plateau_at_the_start_and_the_warm_up_stay_outside_the_law()
    {
        Func<double, double> curve = step => step < 100 ? 1 : Math.Pow(step / 100, -0.4);
        Assert.InRange(Find(curve).Early.FirstStep, 100, 200);

        LawReading late = LawBreak.Find(
            Steps, Distances(new PowerLaw(2, 0.3, 0).At), new double?[Steps.Length], new LawBreakRule { WarmupSteps = 100 })!;
        Assert.True(late.Early.FirstStep > 100);
    }

    [Fact]
    public void Too_few_evaluations_for_a_law_and_a_look_beyond_it_give_no_reading() =>
        Assert.Null(LawBreak.Find(
            [0, 10, 20, 40, 80, 160, 320, 640], [1, .8, .7, .6, .5, .4, .3, .2], new double?[8], new LawBreakRule()));

    static LawReading Find(Func<double, double> curve) =>
        LawBreak.Find(Steps, Distances(curve), new double?[Steps.Length], new LawBreakRule())!;

    // Step 0 stands where the untrained student does, above the whole law.
    static double[] Distances(Func<double, double> curve) => [curve(5), .. Steps.Skip(1).Select(curve)];
}
