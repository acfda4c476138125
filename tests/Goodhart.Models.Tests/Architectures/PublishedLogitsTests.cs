using System.Text.Json;
using Goodhart.Engine.Autograd;
using Goodhart.Engine.Threading;
using Goodhart.Models.Generation;
using Goodhart.Testing;

namespace Goodhart.Models.Tests.Architectures;

public sealed class PublishedLogitsTests : IDisposable
{
    readonly Workers _workers = new(1);

    [SharedDataTheory]
    [InlineData("tiny_llama")]
    [InlineData("tiny_llama_sharded")]
    [InlineData("tiny_qwen2")]
    [InlineData("tiny_gpt2")]
    public void Logits_are_those_of_the_published_implementation(string name)
    {
        string directory = SharedData.PathOf("data", "models", name);
        ICausalLm model = ModelDirectory.Load(directory, trainable: false);
        (int[][] sequences, double[][] logits) = Expected(directory);
        Tape tape = new(_workers, recording: false);

        for (int i = 0; i < sequences.Length; i++)
        {
            tape.Reset();
            AssertClose(logits[i], model.Logits(tape, model.Hidden(tape, new TokenBatch(sequences[i], sequences[i].Length))).Data);
        }
    }

    [SharedDataTheory]
    [InlineData("tiny_qwen2")]
    [InlineData("tiny_gpt2")]
    public void A_token_at_a_time_gives_the_same_logits(string name)
    {
        string directory = SharedData.PathOf("data", "models", name);
        ICausalLm model = ModelDirectory.Load(directory, trainable: false);
        (int[][] sequences, double[][] logits) = Expected(directory);
        Tape tape = new(_workers, recording: false);
        KvCache cache = model.NewCache(1, sequences[0].Length);
        cache.ActiveSlots = new[] { 0 };

        for (int t = 0; t < sequences[0].Length; t++)
        {
            tape.Reset();
            TokenBatch next = new([sequences[0][t]], 1, [t]);
            AssertClose(logits[0].AsSpan(t * model.Config.VocabSize, model.Config.VocabSize), model.Logits(tape, model.Hidden(tape, next, cache)).Data);
        }
    }

    public void Dispose() => _workers.Dispose();

    static (int[][] Sequences, double[][] Logits) Expected(string directory)
    {
        using var expected = JsonDocument.Parse(File.ReadAllText(Path.Combine(directory, "expected_logits.json")));
        double[][][] logits = expected.RootElement.GetProperty("logits").Deserialize<double[][][]>()!;
        return (expected.RootElement.GetProperty("sequences").Deserialize<int[][]>()!, [.. logits.Select(rows => rows.SelectMany(row => row).ToArray())]);
    }

    static void AssertClose(ReadOnlySpan<double> expected, ReadOnlySpan<float> actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], actual[i], 1e-5);
    }
}
