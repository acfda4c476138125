using System.Text.Json;
using Goodhart.Engine.Autograd;
using Goodhart.Engine.Threading;
using Goodhart.Models.Architectures.Llama;
using Goodhart.Models.Checkpoints;
using Goodhart.Models.Gguf;
using Goodhart.Models.Safetensors;
using Goodhart.Models.Tests.Architectures.Llama;
using Goodhart.Models.Tests.Checkpoints;
using Goodhart.Testing;

namespace Goodhart.Models.Tests.Gguf;

public sealed class GgufTests : IDisposable
{
    static readonly Dictionary<string, object> NoTokenizer = [];

    readonly TemporaryFolder _folder = new();
    readonly Workers _workers = new(1);

    [SharedDataTheory]
    [InlineData("tiny_llama_f32.gguf", 1e-5)]
    [InlineData("tiny_llama_f16.gguf", 2e-2)]
    public void A_published_file_has_the_logits_of_its_safetensors(string name, double tolerance)
    {
        using var expected = JsonDocument.Parse(File.ReadAllText(SharedData.PathOf("data", "models", "tiny_llama", "expected_logits.json")));
        int[] ids = expected.RootElement.GetProperty("sequences")[0].Deserialize<int[]>()!;
        double[][] logits = expected.RootElement.GetProperty("logits")[0].Deserialize<double[][]>()!;

        Assert.All(logits.SelectMany(row => row).Zip(Logits(Load(SharedData.PathOf("data", "models", "gguf", name)), ids)), pair =>
            Assert.Equal(pair.First, pair.Second, tolerance));
    }

    [SharedDataFact]
    public void A_published_file_of_eight_bit_blocks_runs_and_its_values_are_whole_multiples_of_their_scale()
    {
        string path = SharedData.PathOf("data", "models", "gguf", "tiny_llama_q8.gguf");
        ICausalLm model = Load(path);

        Assert.Equal(12 * 8, Logits(model, [0, 1, 2, 3, 4, 5, 6, 7, 0, 1, 2, 3]).Length);
        using GgufFile file = GgufFile.Open(path);
        GgufTensor tensor = file.Tensors["blk.0.attn_v.weight"];
        byte[] block = File.ReadAllBytes(path).AsSpan((int)(new FileInfo(path).Length - file.Tensors.Values.Max(t => t.Begin + t.Bytes) + tensor.Begin), 34).ToArray();
        float scale = (float)BitConverter.ToHalf(block);
        Assert.Equal(block[2..].Select(value => scale * (sbyte)value), model.Weights["model.layers.0.self_attn.v_proj.weight"].Data[..32].ToArray());
    }

    [Theory]
    [InlineData("llama")]
    [InlineData("llama-linear")]
    [InlineData("mistral")]
    [InlineData("qwen2")]
    [InlineData("qwen3")]
    public void What_was_written_is_read_back(string family)
    {
        LlamaModel model = TinyLlama.Create(family == "llama" ? TinyLlama.Config : TinyLlama.OfFamily(family));

        GgufWriter.Write(_folder["model.gguf"], model, NoTokenizer);
        (LlamaConfig config, IReadOnlyList<NamedTensor> weights) = GgufModel.Read(_folder["model.gguf"]);

        Assert.Equivalent(model.Config with { InitializerRange = 0.02f }, config, strict: true);
        Assert.All(weights, weight => Assert.Equal(model.Weights[weight.Name].Data.ToArray(), weight.Values.ToArray()));
    }

    [Fact]
    public void Half_precision_is_nearly_the_same()
    {
        LlamaModel model = TinyLlama.Create(TinyLlama.Config);

        GgufWriter.Write(_folder["model.gguf"], model, NoTokenizer, GgufTensorType.F16);

        Assert.All(GgufModel.Read(_folder["model.gguf"]).Weights, weight =>
            Assert.All(model.Weights[weight.Name].Data.ToArray().Zip(weight.Values.ToArray()), pair => Assert.Equal(pair.First, pair.Second, 2e-3)));
    }

    [Fact]
    public void Metadata_of_the_tokenizer_are_kept()
    {
        Dictionary<string, object> tokenizer = new()
        {
            ["tokenizer.ggml.model"] = "llama",
            ["tokenizer.ggml.tokens"] = new[] { "<unk>", "é" },
            ["tokenizer.ggml.scores"] = new[] { 0f, -1.5f },
            ["tokenizer.ggml.token_type"] = new[] { 2, 1 },
            ["tokenizer.ggml.add_bos_token"] = true,
        };

        GgufWriter.Write(_folder["model.gguf"], TinyLlama.Create(TinyLlama.Config), tokenizer);

        using GgufFile file = GgufFile.Open(_folder["model.gguf"]);
        Assert.Equal("llama", file.Metadata["tokenizer.ggml.model"]);
        Assert.Equal(["<unk>", "é"], (object[])file.Metadata["tokenizer.ggml.tokens"]);
        Assert.Equal([0.0, -1.5], (object[])file.Metadata["tokenizer.ggml.scores"]);
        Assert.Equal([2L, 1L], (object[])file.Metadata["tokenizer.ggml.token_type"]);
        Assert.Equal(true, file.Metadata["tokenizer.ggml.add_bos_token"]);
    }

    [Fact]
    public void A_file_cut_short_anywhere_is_refused()
    {
        GgufWriter.Write(_folder["model.gguf"], TinyLlama.Create(TinyLlama.Config), NoTokenizer);
        byte[] whole = File.ReadAllBytes(_folder["model.gguf"]);

        for (int length = 0; length < whole.Length - 32; length += length < 2500 ? 1 : 997)
        {
            File.WriteAllBytes(_folder["cut.gguf"], whole[..length]);
            CheckpointException error = Assert.Throws<CheckpointException>(() => GgufModel.Read(_folder["cut.gguf"]));
            Assert.StartsWith(_folder["cut.gguf"] + ": ", error.Message);
        }
    }

    [Fact]
    public void A_header_with_any_byte_changed_is_read_or_refused_and_nothing_else()
    {
        GgufWriter.Write(_folder["model.gguf"], TinyLlama.Create(TinyLlama.Config), NoTokenizer);
        byte[] whole = File.ReadAllBytes(_folder["model.gguf"]);

        for (int at = 0; at < 2400; at++)
        {
            foreach (byte value in (byte[])[0, 1, 0x7f, 0xff])
            {
                byte[] changed = [.. whole];
                changed[at] = value;
                File.WriteAllBytes(_folder["changed.gguf"], changed);
                Exception? error = Record.Exception(() => GgufModel.Read(_folder["changed.gguf"]));
                Assert.True(error is null or CheckpointException, $"byte {at} = {value}: {error}");
            }
        }
    }

    [Fact]
    public void A_tensor_inside_another_is_refused()
    {
        GgufWriter.Write(_folder["model.gguf"], TinyLlama.Create(TinyLlama.Config), NoTokenizer);
        byte[] bytes = File.ReadAllBytes(_folder["model.gguf"]);
        int name = bytes.AsSpan().IndexOf("blk.0.attn_norm.weight"u8);
        BitConverter.TryWriteBytes(bytes.AsSpan(name + "blk.0.attn_norm.weight".Length + 4 + 8 + 4), 32UL); // Rank, size, type, then the offset.
        File.WriteAllBytes(_folder["model.gguf"], bytes);

        Assert.Contains("'blk.0.attn_norm.weight' begins at byte 32 of the data, inside 'token_embd.weight', which ends at 308",
            Assert.Throws<CheckpointException>(() => GgufFile.Open(_folder["model.gguf"])).Message);
    }

    public void Dispose()
    {
        _workers.Dispose();
        _folder.Dispose();
    }

    static ICausalLm Load(string path)
    {
        (LlamaConfig config, IReadOnlyList<NamedTensor> weights) = GgufModel.Read(path);
        return ModelDirectory.Create(config, weights, trainable: false);
    }

    float[] Logits(ICausalLm model, int[] ids)
    {
        Tape tape = new(_workers, recording: false);
        return model.Logits(tape, model.Hidden(tape, new TokenBatch(ids, ids.Length))).Data.ToArray();
    }
}
