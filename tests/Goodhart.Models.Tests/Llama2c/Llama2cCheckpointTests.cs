using Goodhart.Models.Architectures.Llama;
using Goodhart.Models.Checkpoints;
using Goodhart.Models.Llama2c;
using Goodhart.Models.Safetensors;
using Goodhart.Models.Tests.Checkpoints;
using Goodhart.Testing;

namespace Goodhart.Models.Tests.Llama2c;

public sealed class Llama2cCheckpointTests : IDisposable
{
    // dim, hidden_dim, n_layers, n_heads, n_kv_heads, vocab_size, seq_len
    static readonly int[] Header = [16, 5, 2, 2, 1, 7, 3];

    readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData(7, true)]
    [InlineData(-7, false)]
    public void The_sign_of_the_vocabulary_says_whether_the_head_is_tied(int vocabulary, bool tied)
    {
        LlamaConfig config = Llama2cCheckpoint.Read(Write([.. Header[..5], vocabulary, 3])).Config;

        Assert.Equal(tied, config.TieWordEmbeddings);
        Assert.Equal((16, 5, 2, 2, 1, 7, 3), (config.HiddenSize, config.IntermediateSize, config.NumHiddenLayers,
            config.NumAttentionHeads, config.NumKeyValueHeads, config.VocabSize, config.MaxPositionEmbeddings));
        Assert.Equal((1e-5f, 10000f, 1), (config.RmsNormEps, config.RopeTheta, config.BosTokenId!.Value));
        Assert.Equal([2], config.EosTokenId);
    }

    [Fact]
    public void Every_weight_comes_from_its_place_in_the_file()
    {
        (LlamaConfig config, IReadOnlyList<NamedTensor> weights) = Llama2cCheckpoint.Read(Write([.. Header[..5], -7, 3]));

        // Each value of the file is its own index, so a weight's first value says where it was read.
        const int Norm = 16, Q = 16 * 16, K = 8 * 16, F = 5 * 16, Rotary = 3 * 8;
        Dictionary<string, int> begins = [];
        int at = 0;
        Take("model.embed_tokens.weight", 7 * 16);
        TakeLayers("input_layernorm", Norm);
        TakeLayers("self_attn.q_proj", Q);
        TakeLayers("self_attn.k_proj", K);
        TakeLayers("self_attn.v_proj", K);
        TakeLayers("self_attn.o_proj", Q);
        TakeLayers("post_attention_layernorm", Norm);
        TakeLayers("mlp.gate_proj", F);
        TakeLayers("mlp.down_proj", F);
        TakeLayers("mlp.up_proj", F);
        Take("model.norm.weight", Norm);
        at += Rotary;
        Take("lm_head.weight", 7 * 16);

        Assert.Equal(config.Weights.Select(weight => weight.Name), weights.Select(weight => weight.Name));
        Assert.All(weights, weight => Assert.Equal(begins[weight.Name], weight.Values.Span[0]));

        void Take(string name, int count)
        {
            begins.Add(name, at);
            at += count;
        }

        void TakeLayers(string name, int count)
        {
            Take($"model.layers.0.{name}.weight", count);
            Take($"model.layers.1.{name}.weight", count);
        }
    }

    [Fact]
    public void Queries_and_keys_score_alike_in_either_rotary_layout()
    {
        const int D = 8, C = 16, Position = 3;
        float[] values = [.. Enumerable.Range(0, FloatCount(Header)).Select(i => MathF.Sin(i))];
        IReadOnlyList<NamedTensor> weights = Llama2cCheckpoint.Read(Write(Header, values)).Weights;
        int queriesBegin = 7 * C + 2 * 16, keysBegin = queriesBegin + 2 * 16 * C;
        double[] x = [.. Enumerable.Range(0, C).Select(i => Math.Cos(i * i))];

        for (int head = 0; head < 2; head++)
        {
            double[] q = Product(values.AsSpan(queriesBegin + head * D * C), x), k = Product(values.AsSpan(keysBegin), x);
            double[] hfQ = Product(Values("q_proj").Span[(head * D * C)..], x), hfK = Product(Values("k_proj").Span, x);

            double expected = Dot(Rotate(q, i => (2 * i, 2 * i + 1)), k);
            double actual = Dot(Rotate(hfQ, i => (i, i + D / 2)), hfK);

            Assert.NotEqual(Dot(q, k), expected, 1e-3);
            Assert.Equal(expected, actual, 1e-9);
        }

        ReadOnlyMemory<float> Values(string projection) =>
            weights.Single(weight => weight.Name == $"model.layers.0.self_attn.{projection}.weight").Values;

        static double[] Product(ReadOnlySpan<float> rows, double[] x)
        {
            double[] y = new double[D];
            for (int i = 0; i < D * C; i++)
                y[i / C] += rows[i] * x[i % C];
            return y;
        }

        static double[] Rotate(double[] v, Func<int, (int, int)> pair)
        {
            double[] rotated = [.. v];
            for (int i = 0; i < D / 2; i++)
            {
                (int a, int b) = pair(i);
                (double sin, double cos) = Math.SinCos(Position * Math.Pow(10000, -2.0 * i / D));
                (rotated[a], rotated[b]) = (v[a] * cos - v[b] * sin, v[a] * sin + v[b] * cos);
            }

            return rotated;
        }

        static double Dot(double[] a, double[] b) => a.Zip(b, (x, y) => x * y).Sum();
    }

    [Theory]
    [InlineData(-4)]
    [InlineData(4)]
    public void Another_length_than_the_header_asks_for_shows_both(int difference)
    {
        string path = Write(Header);
        long length = new FileInfo(path).Length;
        using (FileStream stream = new(path, FileMode.Open))
            stream.SetLength(length + difference);

        AssertRefused(path, $"16, 5, 2, 2, 1, 7, 3) asks for {length} bytes, but the file has {length + difference}");
    }

    [Fact]
    public void A_file_without_a_whole_header_is_refused() =>
        AssertRefused(_folder.Write("model.bin", "short"), "a header of 28 bytes, but the file has 5");

    [Fact]
    public void A_later_version_of_the_format_is_named() =>
        AssertRefused(WriteHeader([0x616b3432, 2, 64, 172, 5, 8, 4]), "is version 2 of llama2.c's format. Export it again with --version 0");

    [Theory]
    [InlineData(0, 0, "'hidden_size' should be at least 1, got 0")]
    [InlineData(2, -1, "'num_hidden_layers' should be at least 1, got -1")]
    [InlineData(2, int.MaxValue, "'num_hidden_layers' should be at most 1024")]
    [InlineData(3, 3, "'num_attention_heads' should divide 'hidden_size' 16, got 3")]
    [InlineData(4, 3, "'num_key_value_heads' should divide 'num_attention_heads' 2, got 3")]
    [InlineData(5, int.MinValue, "'vocab_size' should be a count")]
    [InlineData(5, int.MaxValue, "'vocab_size' asks for a matrix of 2147483647 x 16")]
    [InlineData(6, int.MaxValue, "asks for 68719")]
    public void A_header_that_makes_no_model_is_refused_before_memory_is_taken(int index, int value, string problem)
    {
        int[] header = [.. Header];
        header[index] = value;

        AssertRefused(WriteHeader(header), problem);
    }

    [SharedDataTheory]
    [InlineData("tinyllamas-260k", "stories260K.bin", 260_032, 512, 512)]
    [InlineData("llama2xs-tok512", "model.bin", 279_232, 512, 256)]
    [InlineData("babyllama-tok105", "model5000.bin", 936_448, 105, 256)]
    [InlineData("babyllama-tok361", "model5000.bin", 969_216, 361, 256)]
    public void A_trained_model_is_converted_and_written_as_safetensors(
        string model, string file, long parameters, int vocabulary, int context)
    {
        (LlamaConfig config, IReadOnlyList<NamedTensor> weights) =
            Llama2cCheckpoint.Read(SharedData.PathOf("data", "models", model, file));

        Assert.Equal((parameters, vocabulary, context),
            (config.ParameterCount, config.VocabSize, config.MaxPositionEmbeddings));
        Assert.Equal(
            config.Weights.Select(weight => (weight.Name, string.Join('x', weight.Shape))),
            weights.Select(weight => (weight.Name, string.Join('x', weight.Shape))));

        config.Write(_folder.Path);
        SafetensorsWriter.Write(_folder["model.safetensors"], weights);
        LlamaConfig read = LlamaConfig.Read(_folder["config.json"]);
        using WeightFiles files = WeightFiles.Open(_folder.Path);
        foreach (((string name, int[] shape), NamedTensor weight) in read.Weights.Zip(weights))
        {
            float[] values = new float[weight.Values.Length];
            files.Read(name, shape, values);
            Assert.True(weight.Values.Span.SequenceEqual(values), name);
        }
    }

    public void Dispose() => _folder.Dispose();

    static int FloatCount(int[] header)
    {
        (int dim, int hidden, int layers, int heads, int kvHeads, int vocabulary, int context) =
            (header[0], header[1], header[2], header[3], header[4], header[5], header[6]);
        int layer = 2 * dim + 2 * dim * dim + 2 * dim * dim * kvHeads / heads + 3 * dim * hidden;
        return Math.Abs(vocabulary) * dim * (vocabulary < 0 ? 2 : 1) + layers * layer + dim + context * dim / heads;
    }

    string Write(int[] header) => Write(header, [.. Enumerable.Range(0, FloatCount(header)).Select(i => (float)i)]);

    string Write(int[] header, float[] values)
    {
        byte[] bytes = new byte[sizeof(float) * values.Length];
        Buffer.BlockCopy(values, 0, bytes, 0, bytes.Length);
        return WriteHeader(header, bytes);
    }

    string WriteHeader(int[] header, params byte[] rest)
    {
        byte[] bytes = new byte[sizeof(int) * header.Length];
        Buffer.BlockCopy(header, 0, bytes, 0, bytes.Length);
        File.WriteAllBytes(_folder["model.bin"], [.. bytes, .. rest]);
        return _folder["model.bin"];
    }

    static void AssertRefused(string path, string problem)
    {
        CheckpointException error = Assert.Throws<CheckpointException>(() => Llama2cCheckpoint.Read(path));
        Assert.StartsWith(path + ": ", error.Message);
        Assert.Contains(problem, error.Message);
    }
}
