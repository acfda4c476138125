using System.Text.Json;
using Goodhart.Engine.Autograd;
using Goodhart.Engine.Randomness;
using Goodhart.Engine.Tensors;
using Goodhart.Engine.Threading;
using Goodhart.Models.Architectures.T5;
using Goodhart.Models.Checkpoints;
using Goodhart.Models.Generation;
using Goodhart.Models.Tests.Checkpoints;
using Goodhart.Testing;

namespace Goodhart.Models.Tests.Architectures.T5;

public sealed class T5ModelTests : IDisposable
{
    static readonly T5Config Tiny = new()
    {
        VocabSize = 13,
        DModel = 7,
        DKv = 3,
        DFf = 9,
        NumLayers = 2,
        NumDecoderLayers = 3,
        NumHeads = 2,
        RelativeAttentionNumBuckets = 8,
        RelativeAttentionMaxDistance = 9,
    };

    static readonly T5Config Flan = Tiny with { FeedForwardProj = "gated-gelu", TieWordEmbeddings = false };

    readonly TemporaryFolder _folder = new();
    readonly Workers _workers = new(1);

    [SharedDataFact]
    public void Hidden_states_and_logits_are_those_of_the_published_implementation()
    {
        string directory = SharedData.PathOf("data", "models", "tiny_t5v10");
        T5Model model = T5Model.Load(directory, trainable: false);
        using var expected = JsonDocument.Parse(File.ReadAllText(Path.Combine(directory, "expected_logits.json")));
        int[][] sources = expected.RootElement.GetProperty("enc_sequences").Deserialize<int[][]>()!, targets = expected.RootElement.GetProperty("dec_sequences").Deserialize<int[][]>()!;
        double[][][] hidden = expected.RootElement.GetProperty("enc_hidden").Deserialize<double[][][]>()!, logits = expected.RootElement.GetProperty("logits").Deserialize<double[][][]>()!;

        int[] lengths = [.. sources.Select(source => source.Length)];
        Tape tape = new(_workers, recording: false);
        Tensor encoded = model.Encode(tape, TokenBatch.Padded(sources), lengths);
        AssertClose([.. hidden.SelectMany(rows => rows).SelectMany(row => row)], encoded.Data);
        AssertClose(
            [.. logits.SelectMany(rows => rows).SelectMany(row => row)],
            model.Logits(tape, model.Hidden(tape, TokenBatch.Padded(targets), encoded, lengths)).Data);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Logits_and_gradients_are_those_of_the_written_out_model(bool isFlan)
    {
        T5Model model = Create(isFlan ? Flan : Tiny);
        T5Reference reference = new(model);
        int[][] sources = [[3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8], [2, 7, 1]], targets = [[0, 2, 7, 1, 8, 2], [0, 3, 1, 4, 1, 5]];
        int[] labels = [.. Enumerable.Range(0, 12).Select(i => i * 5 % 13)];

        Tape tape = new(_workers);
        Tensor logits = Logits(tape, model, sources, targets);
        AssertClose([.. Reference().SelectMany(row => row)], logits.Data);
        tape.Backward(tape.Sum(tape.CrossEntropy(logits, labels)));

        foreach (Parameter parameter in model.Parameters.All)
        {
            int offset = (int)System.Runtime.CompilerServices.Unsafe.ByteOffset(ref model.Parameters.Values[0], ref parameter.Value.Data[0]) / sizeof(float);
            Span<float> gradient = model.Parameters.Gradients.Slice(offset, parameter.Value.Shape.Length);
            double largest = gradient.ToArray().Max(Math.Abs);
            for (int i = 0; i < gradient.Length; i += 1 + gradient.Length / 6)
            {
                ref double weight = ref reference.Weights[parameter.Name][i];
                double at = weight;
                weight = at + 1e-5;
                double above = Loss();
                weight = at - 1e-5;
                double slope = (above - Loss()) / 2e-5;
                weight = at;
                Assert.True(Math.Abs(slope - gradient[i]) <= 1e-3 * Math.Abs(slope) + 1e-3 * largest + 1e-5, $"{parameter.Name}[{i}]: should be {slope}, got {gradient[i]}.");
            }
        }

        double[][] Reference() => [.. sources.Zip(targets).SelectMany(pair => reference.Logits(pair.First, pair.Second))];

        double Loss() => Reference().Select((row, i) => Math.Log(row.Sum(Math.Exp)) - row[labels[i]]).Sum();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_was_written_is_read_back(bool isFlan)
    {
        T5Model model = Create(isFlan ? Flan : Tiny);

        model.Save(_folder.Path);
        T5Model loaded = T5Model.Load(_folder.Path, trainable: true);

        Assert.Equivalent(model.Config, loaded.Config, strict: true);
        Assert.Equal(model.Parameters.Values.ToArray(), loaded.Parameters.Values.ToArray());
        Assert.Contains("no causal language model", Assert.Throws<CheckpointException>(() => ModelDirectory.Load(_folder.Path, trainable: false)).Message);
    }

    [Fact]
    public void A_head_beside_a_config_that_says_tied_but_not_scaled_is_used()
    {
        T5Model model = Create(Flan);
        model.Save(_folder.Path);
        string json = File.ReadAllText(_folder["config.json"]);
        _folder.Write("config.json", json.Replace("\"tie_word_embeddings\": false", "\"tie_word_embeddings\": true, \"scale_decoder_outputs\": false"));

        T5Model loaded = T5Model.Load(_folder.Path, trainable: false);

        Tape tape = new(_workers, recording: false);
        Assert.Equal(Logits(tape, model, [[3, 1]], [[0, 2]]).Data.ToArray(), Logits(tape, loaded, [[3, 1]], [[0, 2]]).Data.ToArray());
    }

    [Fact]
    public void Greedy_targets_are_the_likeliest_tokens_of_the_written_out_model()
    {
        T5Model model = Create(Flan);
        int[] source = [3, 1, 4];

        Completion target = new T5Generator(model, _workers).Generate([source], new GenerationOptions { MaxNewTokens = 5, Greedy = true }, _ => new Rng(0, ""))[0];

        Assert.Equal(FinishReason.Length, target.FinishReason);
        double[][] logits = new T5Reference(model).Logits(source, [0, .. target.Ids[..^1]]);
        Assert.Equal(logits.Select(row => Array.IndexOf(row, row.Max())), target.Ids);
    }

    [Theory]
    [InlineData("\"feed_forward_proj\":\"gelu\"", "'feed_forward_proj' should be relu, gated-gelu or gated-silu, got gelu")]
    [InlineData("\"relative_attention_num_buckets\":2", "'relative_attention_num_buckets' should be from 4")]
    [InlineData("\"relative_attention_max_distance\":16", "'relative_attention_max_distance' should be above half")]
    [InlineData("\"num_heads\":2147483647", "'num_heads' asks for a matrix of")]
    [InlineData("\"num_layers\":2000000000", "'num_layers' should be at most 1024")]
    [InlineData("\"decoder_start_token_id\":13", "'decoder_start_token_id' should be below 'vocab_size' 13, got 13")]
    [InlineData("\"d_kv\":0", "'d_kv' should be at least 1, got 0")]
    public void A_config_that_contradicts_itself_or_asks_for_other_maths_is_refused(string setting, string problem)
    {
        string key = setting[..(setting.IndexOf(':') + 1)];
        string[] keys = ["\"model_type\":\"t5\"", "\"vocab_size\":13", "\"d_model\":8", "\"d_kv\":3", "\"d_ff\":16", "\"num_layers\":2", "\"num_heads\":2"];
        _folder.Write("config.json", "{" + string.Join(',', keys.Where(other => !other.StartsWith(key, StringComparison.Ordinal)).Append(setting)) + "}");

        Assert.Contains(problem, Assert.Throws<CheckpointException>(() => T5Config.Read(_folder["config.json"])).Message);
    }

    public void Dispose()
    {
        _workers.Dispose();
        _folder.Dispose();
    }

    static T5Model Create(T5Config config)
    {
        T5Model model = new(config, new ParameterSet(config.Weights, trainable: true));
        Rng rng = new(1, "weights");
        foreach (Parameter parameter in model.Parameters.All)
        {
            foreach (ref float weight in parameter.Value.Data)
                weight = (float)(parameter.IsMatrix ? 0.3 * rng.NextGaussian() : 1 + 0.3 * rng.NextGaussian());
        }

        return model;
    }

    static Tensor Logits(Tape tape, T5Model model, int[][] sources, int[][] targets)
    {
        int[] lengths = [.. sources.Select(source => source.Length)];
        Tensor encoded = model.Encode(tape, TokenBatch.Padded(sources), lengths);
        return model.Logits(tape, model.Hidden(tape, TokenBatch.Padded(targets), encoded, lengths));
    }

    static void AssertClose(double[] expected, ReadOnlySpan<float> actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], actual[i], 2e-5 * (1 + Math.Abs(expected[i])));
    }
}
