namespace Goodhart.Models.Architectures.Llama;

/// <summary>How rotary frequencies are slowed for contexts longer than those of pre-training; rope_scaling in config.json.</summary>
public sealed record RopeScaling
{
    /// <summary>Every frequency is divided by the factor (Chen et al. 2023).</summary>
    public const string Linear = "linear";

    /// <summary>Low frequencies are divided by the factor, high ones are kept, those between are blended (Llama 3.1).</summary>
    public const string Llama3 = "llama3";

    /// <summary><see cref="Linear"/> or <see cref="Llama3"/>.</summary>
    public required string RopeType { get; init; }

    /// <summary>How much longer the context becomes; at least 1.</summary>
    public required float Factor { get; init; }

    /// <summary>Llama 3: wavelengths above original context / this are slowed in full. Default 1.</summary>
    public float LowFreqFactor { get; init; } = 1;

    /// <summary>Llama 3: wavelengths below original context / this are kept. Default 4.</summary>
    public float HighFreqFactor { get; init; } = 4;

    /// <summary>Llama 3: the context of pre-training. Default 8192.</summary>
    public int OriginalMaxPositionEmbeddings { get; init; } = 8192;

    /// <summary>The frequencies after scaling, in radians a position.</summary>
    public double[] Apply(double[] frequencies) => [.. frequencies.Select(frequency => RopeType == Linear ? Slow(frequency) : Blend(frequency))];

    /// <summary>All problems, as "'rope_scaling' ...".</summary>
    internal IEnumerable<string> Validate()
    {
        if (RopeType is not (Linear or Llama3))
            yield return $"'rope_scaling' should be null or of type default, linear or llama3, got type {RopeType}; nothing else is supported.";
        if (Factor is not (>= 1 and < float.PositiveInfinity))
            yield return $"'rope_scaling' should have a factor of at least 1, got {Factor}.";
        if (RopeType == Llama3 && !(LowFreqFactor > 0 && HighFreqFactor > LowFreqFactor && HighFreqFactor < float.PositiveInfinity))
            yield return $"'rope_scaling' should have 0 < low_freq_factor < high_freq_factor, got {LowFreqFactor} and {HighFreqFactor}.";
        if (RopeType == Llama3 && OriginalMaxPositionEmbeddings < 1)
            yield return $"'rope_scaling' should have original_max_position_embeddings of at least 1, got {OriginalMaxPositionEmbeddings}.";
    }

    double Slow(double frequency) => frequency / Factor;

    double Blend(double frequency)
    {
        double turns = OriginalMaxPositionEmbeddings * frequency / (2 * Math.PI); // in the original context
        double kept = Math.Clamp((turns - LowFreqFactor) / (HighFreqFactor - LowFreqFactor), 0, 1);
        return (1 - kept) * Slow(frequency) + kept * frequency;
    }
}
