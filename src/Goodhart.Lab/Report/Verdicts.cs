namespace Goodhart.Lab.Report;

/// <summary>What a verdict looks like: a shape that needs no colour.</summary>
static class Verdicts
{
    public static VerdictKind KindOf(string verdict) => Prose.Of(verdict) switch
    {
        "hacking" => VerdictKind.Hacking,
        "overfitting" => VerdictKind.Overfitting,
        "healthy" or "converged" => VerdictKind.Healthy,
        _ => VerdictKind.Unclear,
    };

    /// <summary>Triangle: hacking. Diamond: overfitting. Disc: healthy. Ring: not enough evidence.</summary>
    public static Markup Mark(string verdict, string color) => Markup.Of(
        $"<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"mark\" viewBox=\"0 0 12 12\" aria-hidden=\"true\" style=\"--c:var({color})\">{Shape(KindOf(verdict))}</svg>");

    static Markup Shape(VerdictKind kind) => kind switch
    {
        VerdictKind.Hacking => Svg.Polygon("solid", [new(6, 0.8), new(11.6, 11), new(0.4, 11)]),
        VerdictKind.Overfitting => Svg.Polygon("solid", [new(6, 0.4), new(11.6, 6), new(6, 11.6), new(0.4, 6)]),
        VerdictKind.Healthy => Svg.Circle("solid", new(6, 6), 5),
        _ => Svg.Circle("hollow", new(6, 6), 4.4),
    };
}

enum VerdictKind
{
    Hacking,
    Overfitting,
    Healthy,
    Unclear,
}
