namespace Goodhart.Models.Checkpoints;

/// <summary>A model.safetensors.index.json: which shard holds which tensor.</summary>
sealed class ShardIndex
{
    public const string FileName = "model.safetensors.index.json";

    public Dictionary<string, long>? Metadata { get; set; }

    /// <summary>Shard file names by tensor name.</summary>
    public required Dictionary<string, string> WeightMap { get; set; }

    public static ShardIndex Read(string path)
    {
        ShardIndex index = JsonFile.Read(path, CheckpointJson.Default.ShardIndex);
        foreach ((string tensor, string shard) in index.WeightMap)
        {
            // A name with folders in it would let an index read files outside its model.
            if (string.IsNullOrEmpty(shard) || shard.AsSpan().ContainsAny('/', '\\'))
                throw new CheckpointException($"{path}: '{tensor}' should be in a file of the same folder, got '{shard}'.");
        }

        return index;
    }
}
