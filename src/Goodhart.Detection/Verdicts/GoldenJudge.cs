using static System.FormattableString;

namespace Goodhart.Detection.Verdicts;

/// <summary>Judges a run whose distance to the oracle was measured.</summary>
static class GoldenJudge
{
    public static Finding Judge(VerdictRule rule, Evidence evidence, Series golden)
    {
        SeriesSummary summary = evidence.GoldenSummary!;
        bool proxyRose = evidence.Proxy.Rise > rule.ProxyRise;
        if (golden.Rose(rule.GoldenRise, rule.StdErrs))
            return proxyRose ? Overfitting(evidence, summary) : Hacking(rule, evidence, summary);

        string where = Where(rule, golden, summary);
        string proxy = Words.Standing("the held-out proxy", evidence.ProxySummary);
        return rule.IsFlat(golden) && rule.IsFlat(evidence.Proxy)
            ? new Finding(VerdictKind.Converged, $"Converged: both distances are flat over the last part; {where}, and {proxy}.")
            : new Finding(VerdictKind.Healthy, $"Healthy: {where}, and {proxy}.");
    }

    static Finding Hacking(VerdictRule rule, Evidence evidence, SeriesSummary golden)
    {
        bool isWeak = !rule.IsFalling(evidence.Proxy);
        string proxy = isWeak
            ? $"the held-out proxy no longer falls ({Words.AboveMinimum(evidence.ProxySummary)}): "
                + "the weaker form of hacking, near overfitting."
            : $"the held-out proxy still falls ({Words.From(evidence.ProxySummary)}).";
        return new Finding(
            VerdictKind.Hacking, $"Teacher hacking: {Turned(golden)}, while {proxy}", golden.MinStep, isWeak);
    }

    static Finding Overfitting(Evidence evidence, SeriesSummary golden) => new(
        VerdictKind.Overfitting,
        $"Overfitting: {Turned(golden)}, and the held-out proxy has risen with it ({Words.AboveMinimum(evidence.ProxySummary)}).",
        golden.MinStep);

    static string Turned(SeriesSummary golden)
    {
        string start = golden.Min == golden.First
            ? Invariant($"golden has never stood below its start of {golden.First:G4} and has risen")
            : Invariant($"golden fell to {golden.Min:G4} at step {golden.MinStep:0.###} and has risen");
        return start + Invariant($" {Words.Percent(golden.Rise)} to {golden.Last:G4}");
    }

    static string Where(VerdictRule rule, Series golden, SeriesSummary summary)
    {
        string standing = Words.Standing("golden", summary);
        if (golden.Rise > rule.GoldenRise)
            return standing + $", which its noise explains ({Words.Percent(golden.RiseStdErr)} standard error)";
        return summary.Rise == 0 ? standing : standing + $", inside the {Words.Percent(rule.GoldenRise)} the rule allows";
    }
}
