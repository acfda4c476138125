using Goodhart.Models.Safetensors;

namespace Goodhart.Models.Checkpoints;

/// <summary>How weights are written.</summary>
public sealed record WeightFormat
{
    /// <summary>F32 or BF16. Default F32.</summary>
    public SafetensorsType Type { get; init; } = SafetensorsType.F32;

    /// <summary>The largest file, headers not counted, where a single tensor is not larger. Default 5 GB.</summary>
    public long MaxShardBytes { get; init; } = 5_000_000_000;
}
