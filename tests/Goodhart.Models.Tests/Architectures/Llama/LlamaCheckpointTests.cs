using Goodhart.Models.Architectures.Llama;
using Goodhart.Models.Checkpoints;
using Goodhart.Models.Safetensors;
using Goodhart.Models.Tests.Checkpoints;

namespace Goodhart.Models.Tests.Architectures.Llama;

public sealed class LlamaCheckpointTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_saved_model_loads_with_the_same_bits(bool isTied)
    {
        LlamaModel model = TinyLlama.Create(TinyLlama.Config with { TieWordEmbeddings = isTied });

        LlamaCheckpoint.Save(model, _folder["new"]);
        LlamaModel loaded = LlamaCheckpoint.Load(_folder["new"], trainable: true);

        Assert.Equal(model.Parameters.Values.ToArray(), loaded.Parameters.Values.ToArray());
        Assert.Equal(model.Config.Weights.Select(w => w.Name), loaded.Config.Weights.Select(w => w.Name));
        Assert.Equal(model.Config with { EosTokenId = [] }, loaded.Config with { EosTokenId = [] });
        Assert.Equal(model.Config.EosTokenId, loaded.Config.EosTokenId);
        Assert.True(loaded.Parameters.IsTrainable);
    }

    [Fact]
    public void A_model_with_a_broken_weight_is_not_saved()
    {
        LlamaModel model = TinyLlama.Create(TinyLlama.Config);
        model.Parameters["model.layers.1.mlp.up_proj.weight"].Data[3] = float.NaN;

        CheckpointException error = Assert.Throws<CheckpointException>(() => LlamaCheckpoint.Save(model, _folder.Path));

        Assert.Contains("model.layers.1.mlp.up_proj.weight", error.Message);
        Assert.Empty(_folder.FileNames);
    }

    [Fact]
    public void A_missing_weight_is_named()
    {
        LlamaModel model = TinyLlama.Create(TinyLlama.Config);
        WriteWithout(model, "model.layers.1.self_attn.v_proj.weight");

        CheckpointException error = Assert.Throws<CheckpointException>(() => LlamaCheckpoint.Load(_folder.Path, trainable: false));

        Assert.Contains("no tensor 'model.layers.1.self_attn.v_proj.weight'", error.Message);
        Assert.Contains("model.layers.0.self_attn.v_proj.weight", error.Message);
    }

    [Fact]
    public void A_tied_model_needs_no_head()
    {
        LlamaModel model = TinyLlama.Create(TinyLlama.Config);
        WriteWithout(model, "lm_head.weight");
        (model.Config with { TieWordEmbeddings = true }).Write(_folder.Path);

        Assert.Equal(model.Parameters.Count - 11 * 7, LlamaCheckpoint.Load(_folder.Path, trainable: false).Parameters.Count);
    }

    [Fact]
    public void A_weight_of_another_shape_shows_both()
    {
        LlamaModel model = TinyLlama.Create(TinyLlama.Config);
        LlamaCheckpoint.Save(model, _folder.Path);
        (model.Config with { IntermediateSize = 10 }).Write(_folder.Path);

        CheckpointException error = Assert.Throws<CheckpointException>(() => LlamaCheckpoint.Load(_folder.Path, trainable: false));

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
