using System.Text.Json.Serialization;

namespace Goodhart.Models.Architectures.Llama;

/// <summary>How positions are turned into rotations; newer files keep rope_theta here.</summary>
sealed class RopeJson
{
    public string? RopeType { get; set; }
    public string? Type { get; set; }
    public float? RopeTheta { get; set; }
    public float PartialRotaryFactor { get; set; } = 1;
    public float? Factor { get; set; }
    public float? LowFreqFactor { get; set; }
    public float? HighFreqFactor { get; set; }
    public int? OriginalMaxPositionEmbeddings { get; set; }

    [JsonIgnore]
    string Name => RopeType ?? Type ?? "default";

    /// <summary>Whether the type is known and has all that it needs.</summary>
    [JsonIgnore]
    public bool IsKnown => PartialRotaryFactor == 1 && Name switch
    {
        "default" => true,
        RopeScaling.Linear => Factor is not null,
        RopeScaling.Llama3 => Factor is not null && LowFreqFactor is not null && HighFreqFactor is not null && OriginalMaxPositionEmbeddings is not null,
        _ => false,
    };

    public static RopeJson? From(RopeScaling? scaling) => scaling is null ? null : new RopeJson
    {
        RopeType = scaling.RopeType,
        Factor = scaling.Factor,
        LowFreqFactor = scaling.RopeType == RopeScaling.Llama3 ? scaling.LowFreqFactor : null,
        HighFreqFactor = scaling.RopeType == RopeScaling.Llama3 ? scaling.HighFreqFactor : null,
        OriginalMaxPositionEmbeddings = scaling.RopeType == RopeScaling.Llama3 ? scaling.OriginalMaxPositionEmbeddings : null,
    };

    public RopeScaling? ToScaling() => !IsKnown || Name == "default" ? null : new RopeScaling
    {
        RopeType = Name,
        Factor = Factor!.Value,
        LowFreqFactor = LowFreqFactor ?? 1,
        HighFreqFactor = HighFreqFactor ?? 4,
        OriginalMaxPositionEmbeddings = OriginalMaxPositionEmbeddings ?? 8192,
    };

    public override string ToString() => Name switch
    {
        RopeScaling.Linear when Factor is null => "type linear without factor",
        RopeScaling.Llama3 => "type llama3 without all of factor, low_freq_factor, high_freq_factor and original_max_position_embeddings",
        _ => $"type {Name}, partial_rotary_factor {PartialRotaryFactor}",
    };
}
