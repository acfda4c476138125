using System.Text.Json.Serialization;

namespace Goodhart.Models.Checkpoints;

/// <summary>A model's generation_config.json; what the file does not say is null.</summary>
public sealed record GenerationConfig
{
    /// <summary>The file's name in a model directory.</summary>
    public const string FileName = "generation_config.json";

    /// <summary>The id that begins a text.</summary>
    public int? BosTokenId { get; init; }

    /// <summary>The ids that end a text; empty where none does.</summary>
    [JsonConverter(typeof(TokenIdsConverter))]
    public IReadOnlyList<int> EosTokenId
    {
        get;
        init => field = value ?? []; // The generated reader passes null where the key is absent.
    } = [];

    /// <summary>The id that fills up shorter texts of a batch.</summary>
    public int? PadTokenId { get; init; }

    /// <summary>Whether to sample; otherwise the likeliest token is taken.</summary>
    public bool? DoSample { get; init; }

    /// <summary>What logits are divided by when sampling; above 0.</summary>
    public float? Temperature { get; init; }

    /// <summary>How many of the likeliest tokens to sample from; 0 is all.</summary>
    public int? TopK { get; init; }

    /// <summary>The probability mass to sample from; above 0, and 1 is all.</summary>
    public float? TopP { get; init; }

    /// <summary>The longest continuation, in tokens.</summary>
    public int? MaxNewTokens { get; init; }

    /// <summary>Reads and checks a generation_config.json.</summary>
    /// <exception cref="CheckpointException">The file is missing, is not JSON, or has values out of range.</exception>
    public static GenerationConfig Read(string generationConfigJsonPath)
    {
        GenerationConfig config = JsonFile.Read(generationConfigJsonPath, CheckpointJson.Default.GenerationConfig);
        IReadOnlyList<string> problems = config.Validate();
        return problems.Count == 0 ? config : throw CheckpointException.Of(generationConfigJsonPath, problems);
    }

    /// <summary>Writes generation_config.json into a directory that exists.</summary>
    public void Write(string directory) =>
        JsonFile.Write(Path.Combine(directory, FileName), this, CheckpointJson.Default.GenerationConfig);

    /// <summary>All problems, as "'key' should be ..., got ...".</summary>
    public IReadOnlyList<string> Validate()
    {
        List<string> problems = [];
        if (Temperature is not (null or (> 0 and < float.PositiveInfinity)))
            problems.Add($"'temperature' should be above 0, got {Temperature}; for no sampling set 'do_sample' to false.");

        if (TopK is < 0)
            problems.Add($"'top_k' should be at least 0, got {TopK}.");

        if (TopP is not (null or (> 0 and <= 1)))
            problems.Add($"'top_p' should be above 0 and at most 1, got {TopP}.");

        if (MaxNewTokens is < 1)
            problems.Add($"'max_new_tokens' should be at least 1, got {MaxNewTokens}.");

        return problems;
    }
}
