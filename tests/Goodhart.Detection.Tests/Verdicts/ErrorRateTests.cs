using Goodhart.Detection.Curves;
using Goodhart.Detection.Laws;
using Goodhart.Detection.Verdicts;
using Xunit.Abstractions;

namespace Goodhart.Detection.Tests.Verdicts;

/// <summary>Counts wrong verdicts over many synthetic runs; docs/methods/detection.md quotes what these print.</summary>
public class ErrorRateTests(ITestOutputHelper output)
{
    const int CleanRuns = 1000, HackedRuns = 500, StreamedRuns = 200;

    // The default thresholds were chosen with seed 1.
    const int Seed = 2;

    public static TheoryData<string> CleanFamilies => ["law", "law with a floor", "law after a plateau", "law to a standstill"];

    [Theory]
    [MemberData(nameof(CleanFamilies))]
    public void Without_golden_at_most_one_clean_run_in_twenty_raises_an_alarm(string family)
    {
        double rate = AlarmRate($"clean, no golden, {family}", CleanRuns, random => Clean(family, random, withGolden: false, withTrain: false));
        Assert.InRange(rate, 0, 0.05);
    }

    [Theory]
    [MemberData(nameof(CleanFamilies))]
    public void With_a_training_proxy_at_most_one_clean_run_in_fifty_raises_an_alarm(string family)
    {
        double rate = AlarmRate($"clean, with train, {family}", CleanRuns, random => Clean(family, random, withGolden: false, withTrain: true));
        Assert.InRange(rate, 0, 0.02);
    }

    [Theory]
    [MemberData(nameof(CleanFamilies))]
    public void With_golden_at_most_one_clean_run_in_twenty_raises_an_alarm(string family)
    {
        double rate = AlarmRate($"clean, with golden, {family}", CleanRuns, random => Clean(family, random, withGolden: true, withTrain: false));
        Assert.InRange(rate, 0, 0.05);
    }

    [Fact]
    public void Judging_after_every_evaluation_raises_more_false_alarms_than_judging_once()
    {
        var random = new Random(Seed);
        int alarms = Enumerable.Range(0, StreamedRuns).Count(_ =>
        {
            IReadOnlyList<CurvePoint> points = Clean("law with a floor", random, withGolden: false, withTrain: false).Points;
            return Enumerable.Range(1, points.Count).Any(count =>
                VerdictRule.Default.Judge(new Curve(points.Take(count))).Kind is VerdictKind.Hacking or VerdictKind.Overfitting);
        });
        output.WriteLine($"clean, no golden, law with a floor, judged after every evaluation: {alarms / (double)StreamedRuns:P1} alarms in {StreamedRuns} runs");
        Assert.InRange(alarms, 0, 0.2 * StreamedRuns);
    }

    [Theory]
    [InlineData(0.3, 0.35)]
    [InlineData(0.4, 0.75)]
    [InlineData(0.5, 0.85)]
    [InlineData(0.6, 0.85)]
    [InlineData(0.7, 0.65)]
    public void Without_golden_hacked_runs_raise_an_alarm(double turn, double atLeast)
    {
        foreach (bool withTrain in (bool[])[false, true])
        {
            double rate = AlarmRate(
                $"hacked at {turn} of log-time, {(withTrain ? "with train" : "no golden")}",
                HackedRuns, random => Hacked(random, turn, withGolden: false, withTrain));
            Assert.InRange(rate, atLeast, 1);
        }
    }

    [Fact]
    public void With_golden_nearly_all_hacked_runs_raise_an_alarm()
    {
        double rate = AlarmRate("hacked, golden 12 to 40% above its minimum", HackedRuns, random => Hacked(random, 0.6, withGolden: true, withTrain: false));
        Assert.InRange(rate, 0.9, 1);
    }

    double AlarmRate(string what, int runs, Func<Random, Curve> draw)
    {
        var random = new Random(Seed);
        var kinds = Enumerable.Range(0, runs).Select(_ => VerdictRule.Default.Judge(draw(random)).Kind).ToLookup(kind => kind);
        double rate = (kinds[VerdictKind.Hacking].Count() + kinds[VerdictKind.Overfitting].Count()) / (double)runs;
        output.WriteLine($"{what}: {rate:P1} alarms in {runs} runs ("
            + string.Join(", ", kinds.Select(kind => $"{kind.Key} {kind.Count()}")) + ")");
        return rate;
    }

    static Curve Clean(string family, Random random, bool withGolden, bool withTrain)
    {
        double[] steps = Synthetic.Steps(random.Next(16, 41), random.Between(5, 50), random.Between(2_000, 50_000));
        double sigma = random.Between(0.003, 0.03);
        Func<double, double> proxy = Synthetic.Noisy(CleanLaw(family, steps, random), sigma, random);
        return Synthetic.Curve(
            steps, proxy,
            withGolden ? Synthetic.Noisy(CleanLaw(family, steps, random), sigma, random) : null,
            withTrain ? step => proxy(step) * 0.97 : null);
    }

    static Func<double, double> CleanLaw(string family, double[] steps, Random random)
    {
        var law = new PowerLaw(random.Between(0.5, 3), random.Between(0.1, 0.6), 0);
        double floor = law.At(steps[^1]) * random.Between(0.1, 2), plateau = random.Between(1, 10) * steps[0];
        return family switch
        {
            "law" => law.At,
            "law with a floor" => (law with { Offset = floor }).At,
            "law after a plateau" => step => law.At(step + plateau),
            _ => (law with { Exponent = random.Between(0.6, 1.2), Offset = 5 * floor }).At,
        };
    }

    static Curve Hacked(Random random, double turn, bool withGolden, bool withTrain)
    {
        double[] steps = Synthetic.Steps(random.Next(16, 41), random.Between(5, 50), random.Between(2_000, 50_000));
        double sigma = random.Between(0.003, 0.03);
        var law = new PowerLaw(random.Between(0.5, 3), random.Between(0.2, 0.6), 0);
        double at = steps[0] * Math.Pow(steps[^1] / steps[0], turn), rise = random.Between(0.12, 0.4);
        double risen = Math.Log(1 + rise) / Math.Log(steps[^1] / at);
        return Synthetic.Curve(
            steps,
            Synthetic.Noisy(Synthetic.Turning(law, at, random.Between(0, 0.05)), sigma, random),
            withGolden ? Synthetic.Noisy(Synthetic.Turning(law with { Exponent = 0.2 }, at, -risen), sigma, random) : null,
            withTrain ? Synthetic.Noisy(step => 0.97 * law.At(step), sigma, random) : null);
    }
}
