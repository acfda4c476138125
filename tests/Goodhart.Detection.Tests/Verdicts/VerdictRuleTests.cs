using FsCheck.Xunit;
using Goodhart.Detection.Curves;
using Goodhart.Detection.Laws;
using Goodhart.Detection.Verdicts;

namespace Goodhart.Detection.Tests.Verdicts;

public class VerdictRuleTests
{
    static readonly double[] Steps = Synthetic.Steps(24);
    static readonly PowerLaw Falling = new(2, 0.3, 0);
    static readonly Func<double, double> UShape = Synthetic.Turning(new PowerLaw(3, 0.2, 0), turn: 600, exponentAfter: -0.08);
    static readonly Func<double, double> Stagnating = Synthetic.Turning(Falling, turn: 600, exponentAfter: 0);
    static readonly Func<double, double> Rising = Synthetic.Turning(Falling, turn: 600, exponentAfter: -0.1);

    [Fact]
    public void A_golden_that_turns_up_while_the_proxy_falls_is_hacking()
    {
        Verdict verdict = Judge(Synthetic.Curve(Steps, Falling.At, UShape));
        Assert.Equal((VerdictKind.Hacking, false, false), (verdict.Kind, verdict.OracleFree, verdict.IsWeakForm));
        Assert.Equal(verdict.Golden!.MinStep, verdict.GoldenTurnStep);
        Assert.Equal((verdict.GoldenTurnStep, null), (verdict.OnsetStep, verdict.LawDepartureStep));
        Assert.InRange(verdict.GoldenTurnStep!.Value, 400, 900);
        Assert.Matches("^Teacher hacking: golden fell to 0.8.* at step .* and has risen .*% to 1.0.*still falls", verdict.Sentence);
    }

    [Fact]
    public void A_proxy_that_only_stagnates_makes_it_the_weaker_form_and_the_law_gives_the_onset()
    {
        Verdict verdict = Judge(Synthetic.Curve(Steps, Stagnating, UShape));
        Assert.Equal((VerdictKind.Hacking, true), (verdict.Kind, verdict.IsWeakForm));
        Assert.Equal(verdict.LawDepartureStep, verdict.OnsetStep);
        Assert.InRange(verdict.OnsetStep!.Value, 600, 1200);
        Assert.Contains("weaker form", verdict.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void Golden_and_proxy_rising_together_are_overfitting()
    {
        Verdict verdict = Judge(Synthetic.Curve(Steps, Rising, UShape));
        Assert.Equal(VerdictKind.Overfitting, verdict.Kind);
        Assert.Matches("^Overfitting: golden fell .* risen with it", verdict.Sentence);
    }

    [Fact]
    public void Distances_that_fall_throughout_are_healthy()
    {
        Verdict verdict = Judge(Synthetic.Curve(Steps, Falling.At, new PowerLaw(3, 0.2, 0).At));
        Assert.Equal(VerdictKind.Healthy, verdict.Kind);
        Assert.Null(verdict.OnsetStep);
        Assert.Equal(0, verdict.Golden!.Rise);
        Assert.Equal(0.3, verdict.Law!.Exponent, 1e-6);
    }

    [Fact]
    public void Distances_that_came_to_rest_have_converged()
    {
        var proxy = new PowerLaw(20, 1.5, 0.3);
        Assert.Equal(VerdictKind.Converged, Judge(Synthetic.Curve(Steps, proxy.At, step => 1 + proxy.At(step))).Kind);
        Assert.Equal(VerdictKind.Converged, Judge(Synthetic.Curve(Steps, _ => 0.4)).Kind);
    }

    [Fact]
    public void A_golden_that_never_fell_says_so()
    {
        Verdict verdict = Judge(Synthetic.Curve(Steps, Falling.At, new PowerLaw(0.5, -0.05, 0).At));
        Assert.Equal(VerdictKind.Hacking, verdict.Kind);
        Assert.Contains("never stood below its start", verdict.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void Less_than_five_per_cent_above_its_minimum_is_not_yet_hacking()
    {
        Verdict verdict = Judge(Synthetic.Curve(
            Steps, Falling.At, Synthetic.Turning(new PowerLaw(3, 0.2, 0), turn: 600, exponentAfter: -0.014)));
        Assert.Equal(VerdictKind.Healthy, verdict.Kind);
        Assert.Contains("inside the 5.0% the rule allows", verdict.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void A_rise_inside_its_errors_is_not_hacking()
    {
        Curve curve = new(Steps.Select(step => new CurvePoint(step, Falling.At(step), null, UShape(step), 0.15 * UShape(step))));
        Verdict verdict = Judge(curve);
        Assert.Equal(VerdictKind.Healthy, verdict.Kind);
        Assert.Contains("its noise explains", verdict.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void One_high_last_value_is_not_hacking()
    {
        Func<double, double> golden = new PowerLaw(3, 0.2, 0).At;
        Verdict verdict = Judge(Synthetic.Curve(Steps, Falling.At, step => step == Steps[^1] ? 1.3 * golden(step) : golden(step)));
        Assert.Equal(VerdictKind.Healthy, verdict.Kind);
        Assert.InRange(verdict.Golden!.Rise, 0.1, 0.3);
    }

    [Fact]
    public void Too_few_evaluations_or_too_short_a_stretch_are_not_enough_evidence()
    {
        Assert.Equal(VerdictKind.NotEnoughEvidence, Judge(Synthetic.Curve([100], UShape)).Kind);
        Assert.Equal(VerdictKind.NotEnoughEvidence, Judge(Synthetic.Curve([0], _ => 1)).Kind);
        Assert.Equal(VerdictKind.NotEnoughEvidence, Judge(Synthetic.Curve(Steps[..5], UShape, UShape)).Kind);
        Verdict narrow = Judge(Synthetic.Curve(Synthetic.Steps(20, 1000, 2000), UShape, UShape));
        Assert.Equal(VerdictKind.NotEnoughEvidence, narrow.Kind);
        Assert.Contains("from step 1000 to 2000", narrow.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void Too_few_golden_values_are_not_replaced_by_a_guess_from_the_proxy()
    {
        Curve curve = new(Steps.Select((step, i) => new CurvePoint(step, Stagnating(step), Golden: i < 3 ? 1 : null)));
        Verdict verdict = Judge(curve);
        Assert.Equal((VerdictKind.NotEnoughEvidence, false), (verdict.Kind, verdict.OracleFree));
    }

    [Fact]
    public void Without_golden_a_departure_from_the_law_is_a_warning_and_says_so()
    {
        Verdict verdict = Judge(Synthetic.Curve(Steps, Stagnating));
        Assert.Equal((VerdictKind.Hacking, true), (verdict.Kind, verdict.OracleFree));
        Assert.InRange(verdict.OnsetStep!.Value, 600, 1200);
        Assert.Contains("a warning and not evidence", verdict.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_golden_the_training_proxy_decides_between_fixed_data_and_a_floor()
    {
        Assert.Equal(VerdictKind.Hacking, Judge(Synthetic.Curve(Steps, Stagnating, null, Falling.At)).Kind);
        Verdict together = Judge(Synthetic.Curve(Steps, Stagnating, null, step => 0.95 * Stagnating(step)));
        Assert.Equal(VerdictKind.Converged, together.Kind);
        Assert.Contains("slowed with it", together.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_golden_a_rising_proxy_is_overfitting_and_a_kept_law_healthy()
    {
        Assert.Equal(VerdictKind.Overfitting, Judge(Synthetic.Curve(Steps, Rising)).Kind);
        Verdict healthy = Judge(Synthetic.Curve(Steps, Falling.At));
        Assert.Equal(VerdictKind.Healthy, healthy.Kind);
        Assert.Contains("kept its early law 2 t^(-0.3)", healthy.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_golden_and_without_room_for_a_law_there_is_not_enough_evidence() =>
        Assert.Equal(VerdictKind.NotEnoughEvidence, Judge(Synthetic.Curve(Steps[..7].Select(step => step * step).ToArray(), Falling.At)).Kind);

    [Property]
    public void Other_units_of_distance_or_of_step_change_nothing_but_the_units(byte shape, byte seed, bool withGolden)
    {
        Func<double, double> proxy = (shape % 3) switch { 0 => Falling.At, 1 => Stagnating, _ => Rising };
        Curve curve = Synthetic.Curve(
            [0.5, .. Steps], Synthetic.Noisy(proxy, 0.01, new Random(seed)),
            withGolden ? Synthetic.Noisy(UShape, 0.01, new Random(seed + 1)) : null);
        Verdict verdict = Judge(curve);

        Verdict scaled = Judge(new Curve(curve.Points.Select(point => point with
        {
            Step = point.Step * 32,
            Proxy = point.Proxy * 0.0078125,
            Golden = point.Golden * 0.0078125,
        })));
        Assert.Equal((verdict.Kind, verdict.IsWeakForm, verdict.OnsetStep * 32), (scaled.Kind, scaled.IsWeakForm, scaled.OnsetStep));
        Assert.Equal(verdict.Proxy.Rise, scaled.Proxy.Rise);
    }

    [Fact]
    public void A_log_of_a_hundred_thousand_points_is_judged_as_a_short_one_is()
    {
        double[] every = [.. Enumerable.Range(1, 100_000).Select(i => (double)i)];
        Verdict verdict = Judge(Synthetic.Curve(every, Falling.At, Synthetic.Noisy(UShape, 0.02, new Random(5))));
        Assert.Equal((VerdictKind.Hacking, null), (verdict.Kind, verdict.LawDepartureStep));
        Assert.Equal(0.3, verdict.Law!.Exponent, 0.001);
    }

    [Fact]
    public void Distances_of_zero_are_judged_without_dividing_by_them()
    {
        Assert.Equal(VerdictKind.Converged, Judge(Synthetic.Curve(Steps, _ => 0, _ => 0)).Kind);
        Assert.Equal(0, Judge(Synthetic.Curve(Steps, _ => 0)).Proxy.Rise);
    }

    static Verdict Judge(Curve curve) => VerdictRule.Default.Judge(curve);
}
