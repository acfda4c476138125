namespace Goodhart.Models.Generation;

/// <summary>How tokens are chosen and when a completion ends.</summary>
public sealed record GenerationOptions
{
    /// <summary>The longest completion, in tokens. Default 128.</summary>
    public int MaxNewTokens { get; init; } = 128;

    /// <summary>Take the likeliest token instead of sampling. Default false.</summary>
    public bool Greedy { get; init; }

    /// <summary>Divides the logits before sampling; above 0. Default 1.</summary>
    public float SamplingTemperature { get; init; } = 1;

    /// <summary>Sample from the k likeliest tokens only; 0 is all. Default 0.</summary>
    public int TopK { get; init; }

    /// <summary>Sample from the fewest tokens that together have this probability; 1 is all. Default 1.</summary>
    public float TopP { get; init; } = 1;

    /// <summary>Ids that end a completion; the id is kept as its last. Default none.</summary>
    public IReadOnlyList<int> StopIds { get; init; } = [];

    /// <summary>Sequences generated at once. It does not change the results. Default 128.</summary>
    public int BatchSize { get; init; } = 128;

    /// <summary>All problems, as "name should be ..., got ...".</summary>
    public IEnumerable<string> Validate()
    {
        if (MaxNewTokens < 1)
            yield return $"max_new_tokens should be at least 1, got {MaxNewTokens}.";
        if (SamplingTemperature is not (> 0 and < float.PositiveInfinity))
            yield return $"sampling_temperature should be above 0, got {SamplingTemperature}; for the likeliest token, use greedy.";
        if (TopK < 0)
            yield return $"top_k should be at least 0, got {TopK}.";
        if (TopP is not (> 0 and <= 1))
            yield return $"top_p should be above 0 and at most 1, got {TopP}.";
        if (BatchSize < 1)
            yield return $"batch_size should be at least 1, got {BatchSize}.";
    }
}

/// <summary>Why a completion ended.</summary>
public enum FinishReason
{
    /// <summary>It reached the longest length allowed.</summary>
    Length,

    /// <summary>The model emitted a stop id.</summary>
    Stop,
}

/// <summary>What a model wrote after a prompt.</summary>
/// <param name="Ids">The new ids only.</param>
/// <param name="FinishReason">Why it ended.</param>
public sealed record Completion(int[] Ids, FinishReason FinishReason);
