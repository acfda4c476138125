using Goodhart.Engine.Tensors;
using Goodhart.Models.Architectures.Llama;
using Goodhart.Models.Checkpoints;
using Goodhart.Models.Safetensors;
using Goodhart.Models.Tests.Architectures.Llama;
using Goodhart.Models.Tests.Checkpoints;

namespace Goodhart.Models.Tests.Architectures;

public sealed class ModelDirectoryTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_saved_model_loads_with_the_same_bits(bool isTied)
    {
        LlamaModel model = TinyLlama.Create(TinyLlama.Config with { TieWordEmbeddings = isTied });

        ModelDirectory.Save(model, _folder["new"]);
        ICausalLm loaded = ModelDirectory.Load(_folder["new"], trainable: true);

        Assert.Equal(model.Parameters.Values.ToArray(), loaded.Parameters.Values.ToArray());
        Assert.Equal(model.Config.Weights.Select(w => w.Name), loaded.Config.Weights.Select(w => w.Name));
        Assert.Equal(model.Config with { EosTokenId = [] }, ((LlamaConfig)loaded.Config) with { EosTokenId = [] });
        Assert.Equal(model.Config.EosTokenId, loaded.Config.EosTokenId);
        Assert.True(loaded.Parameters.IsTrainable);
    }

    [Theory]
    [MemberData(nameof(TinyLlama.Families), MemberType = typeof(TinyLlama))]
    public void Every_family_is_written_and_read_back(string family)
    {
        LlamaModel model = TinyLlama.Create(TinyLlama.OfFamily(family));

        ModelDirectory.Save(model, _folder["new"]);
        ICausalLm loaded = ModelDirectory.Load(_folder["new"], trainable: true);

        Assert.Equivalent(model.Config, loaded.Config, strict: true);
        Assert.Equal(model.Parameters.Values.ToArray(), loaded.Parameters.Values.ToArray());
    }

    [Fact]
    public void A_frozen_model_has_the_values_of_its_file_and_changing_them_leaves_the_file_alone()
    {
        LlamaModel model = TinyLlama.Create(TinyLlama.Config);
        ModelDirectory.Save(model, _folder.Path);
        byte[] file = File.ReadAllBytes(_folder["model.safetensors"]);

        ICausalLm frozen = ModelDirectory.Load(_folder.Path, trainable: false);
        Assert.All(model.Parameters.All, weight => Assert.Equal(weight.Value.Data.ToArray(), frozen.Weights[weight.Name].Data.ToArray()));
        foreach (Parameter weight in frozen.Weights.All)
            weight.Value.Data.Clear();

        Assert.Equal(file, File.ReadAllBytes(_folder["model.safetensors"]));
    }

    [Theory]
    [InlineData(SafetensorsType.F32)]
    [InlineData(SafetensorsType.BF16)]
    public void Shards_are_no_larger_than_asked_and_load_as_one(SafetensorsType type)
    {
        LlamaModel model = TinyLlama.Create(TinyLlama.Config);
        ModelDirectory.Save(model, _folder.Path);

        ModelDirectory.Save(model, _folder.Path, new WeightFormat { Type = type, MaxShardBytes = 2000 });

        string[] shards = [.. _folder.FileNames.Where(name => name.EndsWith(".safetensors", StringComparison.Ordinal))];
        Assert.True(shards.Length > 1);
        Assert.DoesNotContain("model.safetensors", shards);
        Assert.All(shards, (name, i) => Assert.Equal($"model-{i + 1:00000}-of-{shards.Length:00000}.safetensors", name));
        Assert.All(shards, name =>
        {
            using SafetensorsFile shard = SafetensorsFile.Open(_folder[name]);
            Assert.True(shard.Entries.Values.Sum(entry => entry.End - entry.Begin) <= 2000);
            Assert.All(shard.Entries.Values, entry => Assert.Equal(type, entry.Type));
        });
        ICausalLm loaded = ModelDirectory.Load(_folder.Path, trainable: true);
        double tolerance = type == SafetensorsType.F32 ? 0 : 1.0 / 256;
        Assert.All(model.Parameters.Values.ToArray().Zip(loaded.Parameters.Values.ToArray()), pair => Assert.True(Math.Abs(pair.First - pair.Second) <= tolerance * Math.Abs(pair.First)));

        ModelDirectory.Save(model, _folder.Path);
        Assert.Equal(["config.json", "generation_config.json", "model.safetensors"], _folder.FileNames);
    }

    [Fact]
    public void A_model_with_a_broken_weight_is_not_saved()
    {
        LlamaModel model = TinyLlama.Create(TinyLlama.Config);
        model.Parameters["model.layers.1.mlp.up_proj.weight"].Data[3] = float.NaN;

        CheckpointException error = Assert.Throws<CheckpointException>(() => ModelDirectory.Save(model, _folder.Path));

        Assert.Contains("model.layers.1.mlp.up_proj.weight", error.Message);
        Assert.Empty(_folder.FileNames);
    }

    [Fact]
    public void A_missing_weight_is_named()
    {
        LlamaModel model = TinyLlama.Create(TinyLlama.Config);
        WriteWithout(model, "model.layers.1.self_attn.v_proj.weight");

        CheckpointException error = Assert.Throws<CheckpointException>(() => ModelDirectory.Load(_folder.Path, trainable: false));

        Assert.Contains("no tensor 'model.layers.1.self_attn.v_proj.weight'", error.Message);
        Assert.Contains("model.layers.0.self_attn.v_proj.weight", error.Message);
    }

    [Fact]
    public void A_tied_model_needs_no_head()
    {
        LlamaModel model = TinyLlama.Create(TinyLlama.Config);
        WriteWithout(model, "lm_head.weight");
        (model.Config with { TieWordEmbeddings = true }).Write(_folder.Path);

        Assert.Equal(model.Parameters.Count - 11 * 7, ModelDirectory.Load(_folder.Path, trainable: false).Parameters.Count);
    }

    [Fact]
    public void A_weight_of_another_shape_shows_both()
    {
        LlamaModel model = TinyLlama.Create(TinyLlama.Config);
        ModelDirectory.Save(model, _folder.Path);
        (model.Config with { IntermediateSize = 10 }).Write(_folder.Path);

        CheckpointException error = Assert.Throws<CheckpointException>(() => ModelDirectory.Load(_folder.Path, trainable: false));

        Assert.Contains("'model.layers.0.mlp.gate_proj.weight' is F32 [9, 7]; config.json asks for [10, 7]", error.Message);
    }

    public void Dispose() => _folder.Dispose();

    void WriteWithout(LlamaModel model, string name)
    {
        model.Config.Write(_folder.Path);
        NamedTensor[] weights = [.. model.Parameters.All.Where(p => p.Name != name).Select(p => new NamedTensor(p.Name, p.Dimensions, p.Value.Values))];
        SafetensorsWriter.Write(_folder["model.safetensors"], weights);
    }
}
