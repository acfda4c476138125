using Goodhart.Detection.Laws;
using static System.FormattableString;

namespace Goodhart.Detection.Verdicts;

/// <summary>Pieces of a verdict's sentence.</summary>
static class Words
{
    public static string Percent(double fraction) => Invariant($"{100 * fraction:0.0}%");

    public static string From(SeriesSummary series) => Invariant($"{series.First:G4} to {series.Last:G4}");

    public static string AboveMinimum(SeriesSummary series) => series.Rise == 0
        ? Invariant($"{series.Last:G4}, its minimum")
        : Invariant($"{series.Last:G4}, {Percent(series.Rise)} above its minimum at step {series.MinStep:0.###}");

    public static string Standing(string what, SeriesSummary series) =>
        Invariant($"{what} went from {series.First:G4} to {AboveMinimum(series)}");

    public static string Law(FittedLaw early)
    {
        string floor = early.Law.Offset > 0 ? Invariant($" + {early.Law.Offset:G3}") : "";
        return Invariant($"{early.Law.Amplitude:G3} t^(-{early.Law.Exponent:0.###}){floor}")
            + Invariant($" (fitted from step {early.FirstStep:0.###} to {early.LastStep:0.###})");
    }
}
