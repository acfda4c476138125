using System.Text.Json.Nodes;

namespace Goodhart.Models.Checkpoints;

/// <summary>The key of a config.json that says how to read the others.</summary>
sealed class ModelTypeJson
{
    public string ModelType { get; set; } = "";

    public JsonNode? NEmbd { get; set; }

    /// <summary>The model_type; GPT-2's oldest files have none, and are known by n_embd.</summary>
    public static string Read(string path) => JsonFile.Read(path, CheckpointJson.Default.ModelTypeJson) switch
    {
        { ModelType: "", NEmbd: not null } => "gpt2",
        { ModelType: "" } => throw new CheckpointException($"{path}: 'model_type' is missing. Add it, or export the model again."),
        var json => json.ModelType,
    };
}
