using Goodhart.Models.Checkpoints;
using Goodhart.Models.Safetensors;

namespace Goodhart.Models.Tests.Checkpoints;

public sealed class WeightFilesTests : IDisposable
{
    const string IndexName = "model.safetensors.index.json";

    readonly TemporaryFolder _folder = new();

    [Fact]
    public void A_single_file_is_read()
    {
        SafetensorsWriter.Write(_folder["model.safetensors"], [new("w", [2, 1], new float[] { 3, 4 })]);

        using WeightFiles weights = WeightFiles.Open(_folder.Path);
        float[] values = new float[2];
        weights.Read("w", [2, 1], values);

        Assert.Equal([3, 4], values);
        Assert.Equal(["w"], weights.Names);
        Assert.Equal([2L, 1L], weights.Find("w").Shape);
    }

    [Fact]
    public void Shards_are_read_as_one()
    {
        WriteShards();
        _folder.Write(IndexName, """{"metadata":{"total_size":8},"weight_map":{"a":"1.safetensors","b":"2.safetensors"}}""");

        using WeightFiles weights = WeightFiles.Open(_folder.Path);
        float[] a = new float[1], b = new float[1];
        weights.Read("a", [1], a);
        weights.Read("b", [1], b);

        Assert.Equal((1f, 2f), (a[0], b[0]));
        Assert.Equal(["a", "b"], weights.Names.Order());
    }

    [Fact]
    public void A_missing_shard_is_named() => AssertIndexRefused(
        """{"weight_map":{"a":"1.safetensors","b":"3.safetensors"}}""", "'b' is in '3.safetensors', which is not there");

    [Fact]
    public void A_shard_without_its_tensor_is_named() => AssertIndexRefused(
        """{"weight_map":{"a":"2.safetensors"}}""", "'a' should be in '2.safetensors', which does not have it");

    [Theory]
    [InlineData("../1.safetensors")]
    [InlineData("/etc/passwd")]
    [InlineData("..\\\\1.safetensors")]
    [InlineData("")]
    public void An_index_cannot_reach_outside_its_folder(string shard) => AssertIndexRefused(
        $$$"""{"weight_map":{"a":"{{{shard}}}"}}""", "'a' should be in a file of the same folder");

    [Theory]
    [InlineData("""{"metadata":{}}""", "'weight_map' is missing")]
    [InlineData("""{"weight_map":["a"]}""", "'weight_map' should be an object, got [\"a\"]")]
    [InlineData("""{"weight_map":{"a":1}}""", "'weight_map' should be an object")]
    [InlineData("""{"weight_map":null}""", "'weight_map' should be an object, got null")]
    [InlineData("""{"weight_map":{"a":"1.safetensors","a":"2.safetensors"}}""", "not valid JSON")]
    [InlineData("{\n\"weight_map\":\n", ":3: not valid JSON")]
    [InlineData("[]", "should be a JSON object, got []")]
    public void A_bad_index_is_refused(string json, string problem) => AssertIndexRefused(json, problem);

    [Fact]
    public void An_absent_tensor_brings_the_nearest_names()
    {
        string[] names = ["model.layers.0.self_attn.q_proj.weight", "model.layers.0.self_attn.k_proj.weight", "lm_head.weight", "model.norm.weight"];
        SafetensorsWriter.Write(_folder["model.safetensors"], [.. names.Select(name => new NamedTensor(name, [1], new float[1]))]);
        using WeightFiles weights = WeightFiles.Open(_folder.Path);

        CheckpointException error = Assert.Throws<CheckpointException>(() => weights.Find("model.layers.0.attn.q_proj.weight"));

        Assert.Contains("no tensor 'model.layers.0.attn.q_proj.weight'", error.Message);
        Assert.Contains("nearest names: 'model.layers.0.self_attn.q_proj.weight', 'model.layers.0.self_attn.k_proj.weight'", error.Message);
    }

    [Fact]
    public void Another_shape_than_the_config_asks_for_shows_both()
    {
        SafetensorsWriter.Write(_folder["model.safetensors"], [new("lm_head.weight", [2, 3], new float[6])], type: SafetensorsType.BF16);
        using WeightFiles weights = WeightFiles.Open(_folder.Path);

        foreach (int[] shape in (int[][])[[3, 2], [6], [2, 3, 1]])
        {
            CheckpointException error = Assert.Throws<CheckpointException>(() => weights.Read("lm_head.weight", shape, new float[6]));
            Assert.Contains($"model.safetensors: 'lm_head.weight' is BF16 [2, 3]; config.json asks for [{string.Join(", ", shape)}]", error.Message);
        }
    }

    [Fact]
    public void A_folder_without_weights_says_what_it_should_hold()
    {
        CheckpointException error = Assert.Throws<CheckpointException>(() => WeightFiles.Open(_folder.Path));

        Assert.Contains($"has neither model.safetensors nor {IndexName}", error.Message);
    }

    [Fact]
    public void A_missing_folder_is_named()
    {
        CheckpointException error = Assert.Throws<CheckpointException>(() => WeightFiles.Open(_folder["absent"]));

        Assert.StartsWith(_folder["absent"] + ": no such folder", error.Message);
    }

    public void Dispose() => _folder.Dispose();

    void WriteShards()
    {
        SafetensorsWriter.Write(_folder["1.safetensors"], [new("a", [1], new float[] { 1 })]);
        SafetensorsWriter.Write(_folder["2.safetensors"], [new("b", [1], new float[] { 2 })]);
    }

    void AssertIndexRefused(string json, string problem)
    {
        WriteShards();
        string path = _folder.Write(IndexName, json);

        CheckpointException error = Assert.Throws<CheckpointException>(() => WeightFiles.Open(_folder.Path));

        Assert.StartsWith(path, error.Message);
        Assert.Contains(problem, error.Message);
    }
}
