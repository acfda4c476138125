using System.Text.Json;
using Goodhart.Engine.Autograd;
using Goodhart.Engine.Randomness;
using Goodhart.Engine.Tensors;
using Goodhart.Engine.Threading;
using Goodhart.Models.Adapters;
using Goodhart.Models.Architectures.Llama;
using Goodhart.Models.Checkpoints;
using Goodhart.Models.Safetensors;
using Goodhart.Models.Tests.Architectures.Llama;
using Goodhart.Models.Tests.Checkpoints;
using Goodhart.Testing;

namespace Goodhart.Models.Tests.Adapters;

public sealed class LoraAdapterTests : IDisposable
{
    const string Good = "\"peft_type\":\"LORA\",\"r\":2,\"lora_alpha\":8,\"target_modules\":[\"proj\"]";

    readonly TemporaryFolder _folder = new();
    readonly Workers _workers = new(1);

    [SharedDataFact]
    public void A_published_adapter_merges_into_its_base()
    {
        string directory = SharedData.PathOf("data", "models", "tiny_lora");
        using SafetensorsFile file = SafetensorsFile.Open(Path.Combine(directory, "base.safetensors"));
        ParameterSet weights = new([("proj.weight", [4, 5])], trainable: false);
        file.Read("proj.weight", weights["proj.weight"].Data);
        using var expected = JsonDocument.Parse(File.ReadAllText(Path.Combine(directory, "expected_logits.json")));
        float[][] inputs = expected.RootElement.GetProperty("inputs").Deserialize<float[][]>()!;
        double[][] outputs = expected.RootElement.GetProperty("outputs").Deserialize<double[][]>()!;

        LoraAdapter.Load(directory, trainable: false).MergeInto(weights);

        Tensor x = Tensor.Constant(inputs.SelectMany(row => row).ToArray(), new Shape(inputs.Length, 5));
        float[] y = new Tape(_workers, recording: false).Linear(x, weights["proj.weight"]).Data.ToArray();
        Assert.All(outputs.SelectMany(row => row).Zip(y), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
    }

    [Fact]
    public void A_new_adapter_changes_nothing_and_a_filled_one_what_merging_changes()
    {
        LlamaModel model = TinyLlama.Create(TinyLlama.Config);
        TokenBatch batch = new(TinyLlama.Ids(20, model.Config), 10);
        LoraAdapter adapter = NewAdapter(model);
        float[] plain = Logits(model, batch);

        Assert.Equal(plain, Logits(model.With(adapter), batch));

        Fill(adapter);
        float[] adapted = Logits(model.With(adapter), batch);
        LlamaModel merged = model.Copy(trainable: false);
        adapter.MergeInto(merged.Weights);
        Assert.NotEqual(plain, adapted);
        Assert.Equal(plain, Logits(model, batch));
        Assert.All(Logits(merged, batch).Zip(adapted), pair => Assert.Equal(pair.First, pair.Second, 1e-4));
    }

    [Fact]
    public void Only_the_adapter_has_gradients_and_they_are_the_slopes_of_the_loss()
    {
        LlamaModel frozen = TinyLlama.Create(TinyLlama.Config).Copy(trainable: false);
        LoraAdapter adapter = NewAdapter(frozen);
        Fill(adapter);
        LlamaModel model = frozen.With(adapter);
        Tape tape = new(_workers);
        TokenBatch batch = new(TinyLlama.Ids(10, model.Config), 10);
        int[] targets = TinyLlama.Ids(10, model.Config, seed: 2);

        tape.Backward(Loss());
        Assert.Same(adapter.Parameters, model.Parameters);
        float[] gradients = adapter.Parameters.Gradients.ToArray();

        Span<float> values = adapter.Parameters.Values;
        double largest = gradients.Max(Math.Abs);
        for (int i = 0; i < values.Length; i += 37)
        {
            float at = values[i];
            values[i] = at + 1e-2f;
            double above = Value();
            values[i] = at - 1e-2f;
            double slope = (above - Value()) / 2e-2;
            values[i] = at;
            Assert.Equal(slope, gradients[i], 2e-2 * largest);
        }

        Tensor Loss() => tape.Sum(tape.CrossEntropy(model.Logits(tape, model.Hidden(tape, batch)), targets), 0.1f);

        double Value()
        {
            tape.Reset();
            return Loss().Data[0];
        }
    }

    [Fact]
    public void What_was_written_is_read_back()
    {
        LoraAdapter adapter = NewAdapter(TinyLlama.Create(TinyLlama.Config));
        Fill(adapter);

        adapter.Save(_folder.Path);
        LoraAdapter loaded = LoraAdapter.Load(_folder.Path, trainable: true);

        Assert.Equivalent(adapter.Config, loaded.Config, strict: true);
        Assert.Equal(adapter.Parameters.All.Select(p => p.Name).Order(), loaded.Parameters.All.Select(p => p.Name).Order());
        Assert.All(adapter.Parameters.All, p => Assert.Equal(p.Value.Data.ToArray(), loaded.Parameters[p.Name].Data.ToArray()));
        Assert.Equal(adapter.Modules.ToDictionary(m => m.Key, m => m.Value.Scale), loaded.Modules.ToDictionary(m => m.Key, m => m.Value.Scale));
        using SafetensorsFile file = SafetensorsFile.Open(_folder["adapter_model.safetensors"]);
        Assert.Contains("base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight", file.Entries.Keys);
    }

    [Fact]
    public void Scales_follow_rank_patterns_and_rank_stabilisation()
    {
        LoraConfig config = new() { R = 4, LoraAlpha = 8, RankPattern = new Dictionary<string, int> { ["v_proj"] = 16 } };

        Assert.Equal((2f, 0.5f), (config.ScaleOf("model.layers.0.self_attn.q_proj"), config.ScaleOf("model.layers.0.self_attn.v_proj")));
        Assert.Equal((4f, 2f), ((config with { UseRslora = true }).ScaleOf("a.q_proj"), (config with { UseRslora = true }).ScaleOf("a.v_proj")));
    }

    [Theory]
    [InlineData("\"use_dora\":true", "'use_dora' should be false")]
    [InlineData("\"bias\":\"all\"", "'bias' should be none, got all")]
    [InlineData("\"modules_to_save\":[\"lm_head\"]", "'modules_to_save' should be null")]
    [InlineData("\"rank_pattern\":{\"proj\":0}", "'rank_pattern' should hold ranks of at least 1, got 0 for 'proj'")]
    [InlineData("\"rank_pattern\":{\"proj\":3}", "'proj' should have lora_A [3, in] and lora_B [out, 3] by adapter_config.json, got F32 [2, 5] and F32 [4, 2]")]
    [InlineData("\"alpha_pattern\":{\"(\":3}", "'(' should be a regular expression")]
    public void A_config_that_lies_or_asks_for_other_maths_is_refused(string setting, string problem) =>
        AssertRefused($"{{{Good},{setting}}}", [("proj.lora_A.weight", [2, 5]), ("proj.lora_B.weight", [4, 2])], problem);

    [Theory]
    [InlineData("proj.lora_A.weight", "other.lora_B.weight", "'proj' has a lora_A and no lora_B")]
    [InlineData("proj.lora_B.weight", "other.lora_B.weight", "should have a lora_A and a lora_B for each module")]
    [InlineData("proj.lora_magnitude_vector", "proj.lora_B.weight", "lora_magnitude_vector' should be base_model.model.")]
    [InlineData("proj.lora_A.weight", "proj.lora_A.default.weight", "are the same matrix")]
    public void Weights_that_are_no_pairs_are_refused(string first, string second, string problem) =>
        AssertRefused($"{{{Good}}}", [(first, [2, 5]), (second, [4, 2])], problem);

    [Fact]
    public void An_adapter_of_another_model_is_refused()
    {
        LoraAdapter adapter = NewAdapter(TinyLlama.Create(TinyLlama.Config));

        CheckpointException error = Assert.Throws<CheckpointException>(() => adapter.Check(TinyLlama.Create(TinyLlama.Wide).Weights));
        Assert.Contains("'model.layers.0.self_attn.q_proj' of shape [24, 7]; the model's has [64, 64]", error.Message);
        Assert.Contains("none of nowhere is a matrix of the model. It has q_proj, k_proj", Assert.Throws<CheckpointException>(() =>
            LoraAdapter.Initialize(new LoraConfig { TargetModules = ["nowhere"] }, TinyLlama.Config, new Rng(1, "lora"))).Message);
    }

    public void Dispose()
    {
        _workers.Dispose();
        _folder.Dispose();
    }

    static LoraAdapter NewAdapter(LlamaModel model) => LoraAdapter.Initialize(
        new LoraConfig { R = 3, LoraAlpha = 6, TargetModules = ["q_proj", "v_proj", "down_proj"] }, model.Config, new Rng(1, "lora"));

    static void Fill(LoraAdapter adapter)
    {
        Rng rng = new(2, "B");
        foreach (LowRank module in adapter.Modules.Values)
        {
            foreach (ref float value in module.B.Data)
                value = (float)(0.3 * rng.NextGaussian());
        }
    }

    float[] Logits(ICausalLm model, TokenBatch batch)
    {
        Tape tape = new(_workers, recording: false);
        return model.Logits(tape, model.Hidden(tape, batch)).Data.ToArray();
    }

    void AssertRefused(string json, (string Name, int[] Shape)[] tensors, string problem)
    {
        _folder.Write("adapter_config.json", json);
        SafetensorsWriter.Write(_folder["adapter_model.safetensors"], [.. tensors.Select(tensor =>
            new NamedTensor("base_model.model." + tensor.Name, tensor.Shape, new float[tensor.Shape[0] * tensor.Shape[1]]))]);

        Assert.Contains(problem, Assert.Throws<CheckpointException>(() => LoraAdapter.Load(_folder.Path, trainable: false)).Message);
    }
}
