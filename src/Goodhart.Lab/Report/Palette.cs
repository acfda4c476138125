using Goodhart.Lab.Runs;

namespace Goodhart.Lab.Report;

/// <summary>One colour per arm: hot for those that went wrong, calm for the healthy, grey for the rest.</summary>
/// <remarks>Names of style sheet variables, so that light, dark and print each have their own shade.</remarks>
static class Palette
{
    const int Shades = 3;

    public static IReadOnlyDictionary<string, string> Of(IReadOnlyList<ArmSummary> arms)
    {
        Dictionary<string, string> colors = [];
        Dictionary<string, int> used = [];
        foreach (ArmSummary arm in arms)
        {
            string family = Verdicts.KindOf(arm.Verdict) switch
            {
                VerdictKind.Hacking or VerdictKind.Overfitting => "hot",
                VerdictKind.Healthy => "calm",
                _ => "grey",
            };
            int shade = used[family] = used.GetValueOrDefault(family) + 1;
            colors[arm.Arm] = $"--{family}-{(shade - 1) % Shades + 1}";
        }

        return colors;
    }
}
