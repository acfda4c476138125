namespace Goodhart.Detection.Verdicts;

/// <summary>What a judge concludes from the evidence.</summary>
/// <param name="Kind">The class.</param>
/// <param name="Sentence">The reasons, with numbers.</param>
/// <param name="TurnStep">Where the distance that rose was lowest.</param>
/// <param name="IsWeakForm">Hacking with a proxy that stagnates.</param>
sealed record Finding(VerdictKind Kind, string Sentence, double? TurnStep = null, bool IsWeakForm = false);
