using Goodhart.Lab.Runs;

namespace Goodhart.Lab.Report;

/// <summary>The finding in one sentence, made from the verdicts and claiming no more than they do.</summary>
static class Headline
{
    public static string Of(IReadOnlyList<ArmSummary> arms)
    {
        ILookup<VerdictKind, ArmSummary> by = arms.ToLookup(arm => Verdicts.KindOf(arm.Verdict));
        int hacking = by[VerdictKind.Hacking].Count(), overfitting = by[VerdictKind.Overfitting].Count();
        int healthy = by[VerdictKind.Healthy].Count(), unclear = by[VerdictKind.Unclear].Count();

        if (arms.Count == 0)
            return "No arm was run";
        if (arms.Count == 1)
            return OfOne(Verdicts.KindOf(arms[0].Verdict));
        if (unclear == arms.Count)
            return "Not enough evidence to tell whether the student hacked its teacher";
        if (hacking > 0 && hacking + healthy == arms.Count
            && by[VerdictKind.Hacking].All(arm => arm.Mode == "offline")
            && healthy > 0 && by[VerdictKind.Healthy].All(arm => arm.Mode == "online"))
        {
            return "Trained on fixed data, the student hacked its teacher. On fresh data it did not";
        }

        if (hacking > 0)
            return $"The student hacked its teacher {Where(by[VerdictKind.Hacking], arms.Count)}";
        if (overfitting > 0)
            return $"No teacher hacking was found, but the student overfitted {Where(by[VerdictKind.Overfitting], arms.Count)}";
        return unclear > 0
            ? $"No teacher hacking was found, but the evidence does not suffice {Where(by[VerdictKind.Unclear], arms.Count)}"
            : "No teacher hacking was found in any arm";
    }

    static string OfOne(VerdictKind verdict) => verdict switch
    {
        VerdictKind.Hacking => "The student hacked its teacher",
        VerdictKind.Overfitting => "The student overfitted its training data",
        VerdictKind.Healthy => "No teacher hacking was found",
        _ => "Not enough evidence to tell whether the student hacked its teacher",
    };

    static string Where(IEnumerable<ArmSummary> found, int count)
    {
        string[] names = [.. found.Select(arm => Prose.Of(arm.Arm))];
        if (names.Length == count)
            return "in every arm";

        return names.Length == 1 ? $"in the {names[0]} arm" : $"in {names.Length} of {count} arms";
    }
}
