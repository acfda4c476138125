using Goodhart.Detection.Curves;
using Goodhart.Detection.Laws;

namespace Goodhart.Detection.Verdicts;

/// <summary>The thresholds of a verdict; docs/methods/detection.md gives the reasons. All are ours, not the paper's.</summary>
public sealed record VerdictRule
{
    /// <summary>The rule with its default thresholds.</summary>
    public static VerdictRule Default { get; } = new();

    /// <summary>Fewer evaluations than this are not enough evidence. Default 6.</summary>
    public int MinPoints { get; init; } = 6;

    /// <summary>So is a curve whose last step is less than this many times its first positive one. Default 8.</summary>
    public double MinSpan { get; init; } = 8;

    /// <summary>
    /// Golden has risen when it stands more than this fraction above its minimum, beyond its noise. Default 0.05.
    /// </summary>
    public double GoldenRise { get; init; } = 0.05;

    /// <summary>The proxy has risen with it when it stands more than this fraction above its own. Default 0.05.</summary>
    public double ProxyRise { get; init; } = 0.05;

    /// <summary>How many combined standard errors a rise has to exceed. Default 2.</summary>
    public double StdErrs { get; init; } = 2;

    /// <summary>The last part of log-time: from the last step divided by this. Default 3.</summary>
    public double LastPart { get; init; } = 3;

    /// <summary>A distance is flat when it changes by less than this fraction over the last part. Default 0.02.</summary>
    public double FlatChange { get; init; } = 0.02;

    /// <summary>
    /// The gap has opened when held-out proxy over training proxy stands more than this fraction above its lowest.
    /// Default 0.1.
    /// </summary>
    public double GapRise { get; init; } = 0.1;

    /// <summary>When the held-out proxy has left its early law.</summary>
    public LawBreakRule Law { get; init; } = new();

    /// <summary>Judges a curve, with its golden distances where it has any, without an oracle where it has none.</summary>
    /// <param name="curve">The evaluations so far.</param>
    public Verdict Judge(Curve curve)
    {
        ArgumentNullException.ThrowIfNull(curve);

        Evidence evidence = Evidence.Of(curve, Law);
        Finding finding = TooLittle(evidence)
            ?? (evidence.Golden is { } golden
                ? GoldenJudge.Judge(this, evidence, golden)
                : OracleFreeJudge.Judge(this, evidence));

        bool isRisen = finding.Kind is VerdictKind.Hacking or VerdictKind.Overfitting;
        return new Verdict
        {
            Kind = finding.Kind,
            Sentence = finding.Sentence,
            OracleFree = evidence.Golden is null,
            IsWeakForm = finding.IsWeakForm,
            OnsetStep = isRisen ? evidence.Reading?.DepartureStep ?? finding.TurnStep : null,
            GoldenTurnStep = isRisen ? evidence.GoldenSummary?.MinStep : null,
            LawDepartureStep = evidence.Reading?.DepartureStep,
            Proxy = evidence.ProxySummary,
            Golden = evidence.GoldenSummary,
            Law = evidence.Reading?.Early.Law,
            LawFirstStep = evidence.Reading?.Early.FirstStep,
            LawLastStep = evidence.Reading?.Early.LastStep,
            LawResidualSigma = evidence.Reading?.Early.ResidualSigma,
        };
    }

    internal bool IsFlat(Series series) => Math.Abs(series.Change(LastPart)) <= FlatChange;

    internal bool IsFalling(Series series) => series.Change(LastPart) < -FlatChange;

    Finding? TooLittle(Evidence evidence)
    {
        Series judged = evidence.Golden ?? evidence.Proxy;
        string what = evidence.Golden is null ? "evaluations" : "evaluations with golden";
        if (judged.Count < MinPoints)
            return NotEnough($"{judged.Count} {what}; the rule wants at least {MinPoints}.");

        double first = judged.Steps.FirstOrDefault(step => step > 0), last = judged.Steps[^1];
        return last / first >= MinSpan
            ? null
            : NotEnough($"{what} from step {first:0.###} to {last:0.###}; the rule wants {MinSpan:0.###} times the first.");
    }

    static Finding NotEnough(FormattableString reason) =>
        new(VerdictKind.NotEnoughEvidence, "Not enough evidence: " + FormattableString.Invariant(reason));
}
