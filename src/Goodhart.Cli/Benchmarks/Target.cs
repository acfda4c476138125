using System.Globalization;

namespace Goodhart.Cli.Benchmarks;

/// <summary>What a case is meant to reach; null is not asked for.</summary>
/// <param name="Ratio">Times the fastest peer, at least.</param>
/// <param name="PeakShare">Share of the peak, at least.</param>
/// <param name="LogitsShare">Working memory over that of both models' whole logits, at most.</param>
/// <param name="Exponent">Of a fit, at most, within its error.</param>
sealed record Target(double? Ratio = null, double? PeakShare = null, double? LogitsShare = null, double? Exponent = null)
{
    /// <summary>Whether a row reaches all of it; null where nothing is missed but a figure is lacking, as without a peer.</summary>
    public bool? MetBy(BenchRow row)
    {
        (double? Asked, double? Over)[] parts =
        [
            (Ratio, row.PeerRatio - Ratio),
            (PeakShare, row.PeakShare - PeakShare),
            (LogitsShare, LogitsShare - row.LogitsShare),
            (Exponent, Exponent - (row.Exponent - row.ExponentError)),
        ];
        return parts.Any(part => part.Over < 0) ? false : parts.Any(part => part.Asked is not null && part.Over is null) ? null : true;
    }

    /// <summary>As in the table: 1.6x, 60%.</summary>
    public override string ToString() => string.Join(", ", new[]
    {
        Ratio is double ratio ? ratio.ToString("0.#", CultureInfo.InvariantCulture) + "x" : null,
        PeakShare?.ToString("0%", CultureInfo.InvariantCulture),
        LogitsShare is double share ? $"1/{(1 / share).ToString("0.#", CultureInfo.InvariantCulture)}" : null,
        Exponent is double exponent ? "<= " + exponent.ToString("0.#", CultureInfo.InvariantCulture) : null,
    }.OfType<string>());
}
