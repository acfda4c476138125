using Goodhart.Models.Safetensors;

namespace Goodhart.Models.Checkpoints;

/// <summary>Writes model.safetensors, or shards and their index where it would be too large.</summary>
static class WeightWriter
{
    /// <summary>Writes all weights, and removes those that an earlier model left in the directory.</summary>
    /// <exception cref="CheckpointException">A weight is not finite; nothing is written then.</exception>
    public static void Write(string directory, IReadOnlyList<NamedTensor> tensors, WeightFormat format)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(format.MaxShardBytes, 1);
        string single = Path.Combine(directory, WeightFiles.SingleFileName), index = Path.Combine(directory, ShardIndex.FileName);
        IReadOnlyList<NamedTensor>[] shards = [.. Cut(tensors, format)];
        string[] earlier = [.. Directory.EnumerateFiles(directory, "model-*-of-*.safetensors")];
        if (shards.Length == 1)
        {
            SafetensorsWriter.Write(single, tensors, type: format.Type);
            Delete([index, .. earlier]);
            return;
        }

        foreach (NamedTensor tensor in tensors)
            SafetensorsWriter.Check(directory, tensor, format.Type);
        Dictionary<string, string> map = [];
        for (int i = 0; i < shards.Length; i++)
        {
            string name = FormattableString.Invariant($"model-{i + 1:00000}-of-{shards.Length:00000}.safetensors");
            SafetensorsWriter.Write(Path.Combine(directory, name), shards[i], type: format.Type);
            foreach (NamedTensor tensor in shards[i])
                map.Add(tensor.Name, name);
        }

        long total = tensors.Sum(tensor => BytesOf(tensor, format));
        JsonFile.Write(index, new ShardIndex { Metadata = new() { ["total_size"] = total }, WeightMap = map }, CheckpointJson.Default.ShardIndex);
        Delete([single, .. earlier.Except(map.Values.Select(name => Path.Combine(directory, name)))]);
    }

    static IEnumerable<IReadOnlyList<NamedTensor>> Cut(IReadOnlyList<NamedTensor> tensors, WeightFormat format)
    {
        List<NamedTensor> shard = [];
        long bytes = 0;
        foreach (NamedTensor tensor in tensors)
        {
            if (shard.Count > 0 && bytes + BytesOf(tensor, format) > format.MaxShardBytes)
            {
                yield return shard;
                (shard, bytes) = ([], 0);
            }

            shard.Add(tensor);
            bytes += BytesOf(tensor, format);
        }

        yield return shard;
    }

    static long BytesOf(NamedTensor tensor, WeightFormat format) => (long)tensor.Values.Length * format.Type.Bytes();

    static void Delete(IEnumerable<string> paths)
    {
        foreach (string path in paths)
            File.Delete(path);
    }
}
