using Goodhart.Engine.Autograd;
using Goodhart.Engine.Randomness;
using Goodhart.Engine.Threading;
using Goodhart.Models.Architectures.Llama;
using Goodhart.Models.Generation;
using Goodhart.Models.Tests.Architectures.Llama;

namespace Goodhart.Models.Tests.Generation;

public sealed class GeneratorTests : IDisposable
{
    static readonly GenerationOptions Twelve = new() { MaxNewTokens = 12 };

    readonly Workers _workers = new(1);
    readonly LlamaModel _model = TinyLlama.Create(TinyLlama.Config);
    readonly int[][] _prompts;

    public GeneratorTests() =>
        _prompts = [.. new[] { 3, 1, 7, 4, 4, 12, 2 }.Select((length, i) => TinyLlama.Ids(length, _model.Config, seed: i))];

    [Fact]
    public void Greedy_equals_the_likeliest_token_of_whole_forward_passes()
    {
        Completion[] completions = Generate(_prompts, Twelve with { Greedy = true });

        Assert.All(_prompts.Zip(completions), pair => Assert.Equal(Likeliest(pair.First, 12), pair.Second.Ids));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(3, 1)]
    [InlineData(128, 2)]
    public void A_completion_depends_neither_on_batches_nor_on_threads(int batchSize, int threads)
    {
        using Workers workers = new(threads);
        LlamaModel model = TinyLlama.Create(TinyLlama.Wide);
        int[][] prompts = [.. Enumerable.Range(0, 9).Select(i => TinyLlama.Ids(1 + i * i % 11, model.Config, seed: i))];
        GenerationOptions options = new() { MaxNewTokens = 30, BatchSize = batchSize };

        Completion[] completions = new Generator(model, workers).Generate(prompts, options, Stream);

        Assert.All(prompts.Select((prompt, i) => new Generator(model, _workers).Generate([prompt], options, _ => Stream(i))[0]).Zip(completions), pair =>
            Assert.Equal(pair.First.Ids, pair.Second.Ids));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(100)]
    public void Those_that_wait_join_those_that_run_and_equal_prompts_are_read_once_without_changing_a_completion(int batchSize)
    {
        int[][] prompts = [.. Enumerable.Range(0, 30).Select(i => (int[])[1, .. Enumerable.Range(0, i / 3 % 4).Select(j => 2 + (i + j) % 5)])];
        GenerationOptions options = new() { MaxNewTokens = 20, StopIds = [3, 4, 5] };
        Completion[] alone = Generate(prompts, options with { BatchSize = 1 }), together = Generate(prompts, options with { BatchSize = batchSize });

        Assert.True(alone.Select(c => c.Ids.Length).Distinct().Count() > 3, "The test needs completions of several lengths.");
        Assert.Equal(alone.Select(c => c.Ids), together.Select(c => c.Ids));
        Assert.Equal(alone.Select(c => c.FinishReason), together.Select(c => c.FinishReason));
    }

    [Fact]
    public void A_completion_does_not_depend_on_the_order_of_prompts()
    {
        Completion[] completions = Generate(_prompts, Twelve);
        int last = _prompts.Length - 1;

        Completion[] reversed = new Generator(_model, _workers).Generate([.. _prompts.Reverse()], Twelve, i => Stream(last - i));

        Assert.Equal(completions.Select(c => c.Ids), reversed.Reverse().Select(c => c.Ids));
    }

    [Fact]
    public void The_same_stream_gives_the_same_completion_and_another_stream_another()
    {
        int[][] twice = [_prompts[0], _prompts[0]];

        Completion[] same = new Generator(_model, _workers).Generate(twice, Twelve, _ => Stream(1));
        Completion[] different = new Generator(_model, _workers).Generate(twice, Twelve, Stream);

        Assert.Equal(same[0].Ids, same[1].Ids);
        Assert.NotEqual(different[0].Ids, different[1].Ids);
    }

    [Fact]
    public void A_stop_id_ends_a_completion_and_is_its_last()
    {
        Completion[] endless = Generate(_prompts, Twelve);
        int stop = endless[0].Ids[4];

        Completion[] completions = Generate(_prompts, Twelve with { StopIds = [stop, 99] });

        Assert.All(endless.Zip(completions), pair =>
        {
            int at = Array.IndexOf(pair.First.Ids, stop);
            Assert.Equal(at < 0 ? pair.First.Ids : pair.First.Ids[..(at + 1)], pair.Second.Ids);
            Assert.Equal(at < 0 ? FinishReason.Length : FinishReason.Stop, pair.Second.FinishReason);
        });
        Assert.Contains(completions, c => c.FinishReason == FinishReason.Stop);
    }

    [Fact]
    public void Each_token_is_told_as_it_is_chosen()
    {
        List<int>[] told = [.. _prompts.Select(_ => new List<int>())];

        Completion[] completions = new Generator(_model, _workers).Generate(_prompts, Twelve, Stream, (prompt, id) => told[prompt].Add(id));

        Assert.Equal(completions.Select(c => c.Ids), told.Select(ids => ids.ToArray()));
    }

    [Fact]
    public void Weights_may_change_between_calls()
    {
        Generator generator = new(_model, _workers);
        GenerationOptions greedy = Twelve with { Greedy = true };
        generator.Generate(_prompts, greedy, Stream);

        _model.Parameters.CopyFrom(TinyLlama.Create(_model.Config, seed: 2).Parameters);

        Assert.Equal(Likeliest(_prompts[0], 12), generator.Generate(_prompts, greedy, Stream)[0].Ids);
    }

    [Fact]
    public void What_was_written_before_is_forgotten()
    {
        Generator generator = new(_model, _workers);
        generator.Generate([.. Enumerable.Repeat(_prompts[5], 9)], Twelve, Stream);

        Assert.Equal(Generate(_prompts, Twelve).Select(c => c.Ids), generator.Generate(_prompts, Twelve, Stream).Select(c => c.Ids));
    }

    [Theory]
    [InlineData(1f)]
    [InlineData(0.5f)]
    public void Tokens_are_as_frequent_as_the_model_finds_them_likely(float temperature)
    {
        const int Draws = 5000;
        int[] prompt = _prompts[0];
        double[] logits = new LlamaReference(_model).Logits(prompt)[^1];
        double[] weights = [.. logits.Select(z => Math.Exp((z - logits.Max()) / temperature))];

        int[] counts = new int[weights.Length];
        GenerationOptions one = new() { MaxNewTokens = 1, SamplingTemperature = temperature, BatchSize = 1000 };
        foreach (Completion completion in Generate([.. Enumerable.Repeat(prompt, Draws)], one))
            counts[completion.Ids[0]]++;

        double chiSquare = counts.Zip(weights, (count, weight) => (count, Expected: Draws * weight / weights.Sum())).Sum(c => Math.Pow(c.count - c.Expected, 2) / c.Expected);
        Assert.InRange(chiSquare, 0, 35.6); // 10 degrees of freedom: one seed in ten thousand would exceed it.
    }

    [Fact]
    public void An_empty_prompt_is_refused()
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() => Generate([[1], []], Twelve));

        Assert.Contains("prompt 1 is empty; begin it with the model's BOS id", error.Message);
    }

    [Theory]
    [InlineData(21, 12)]
    [InlineData(1, int.MaxValue)]
    public void A_prompt_that_leaves_too_little_context_is_refused(int promptLength, int maxNewTokens)
    {
        int[] prompt = TinyLlama.Ids(promptLength, _model.Config);

        ArgumentException error = Assert.Throws<ArgumentException>(() => Generate([[1], prompt], Twelve with { MaxNewTokens = maxNewTokens }));

        Assert.Contains(promptLength == 1 ? "prompt 0 has 1 tokens" : "prompt 1 has 21 tokens and 12 may follow", error.Message);
        Assert.Contains("the model's context is 32", error.Message);
    }

    [Fact]
    public void The_whole_context_can_be_used() =>
        Assert.Equal(12, Generate([TinyLlama.Ids(20, _model.Config)], Twelve)[0].Ids.Length);

    [Fact]
    public void No_prompts_give_no_completions() => Assert.Empty(Generate([], Twelve));

    public void Dispose() => _workers.Dispose();

    Completion[] Generate(int[][] prompts, GenerationOptions options) => new Generator(_model, _workers).Generate(prompts, options, Stream);

    static Rng Stream(int prompt) => new(1, "sampling", prompt);

    int[] Likeliest(int[] prompt, int count)
    {
        List<int> ids = [.. prompt];
        while (ids.Count < prompt.Length + count)
        {
            float[] logits = TinyLlama.Logits(_model, new Tape(_workers), new TokenBatch([.. ids], ids.Count));
            ids.Add(Sampler.ArgMax(logits.AsSpan()[^_model.Config.VocabSize..]));
        }

        return [.. ids.Skip(prompt.Length)];
    }
}
