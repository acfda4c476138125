using System.Diagnostics;
using Goodhart.Engine.Autograd;
using Goodhart.Engine.Randomness;
using Goodhart.Engine.Threading;
using Goodhart.Models;
using Goodhart.Models.Architectures.Llama;
using Goodhart.Models.Generation;

namespace Goodhart.Cli.Benchmarks;

/// <summary>Writing tokens with a key/value cache, from one prompt token.</summary>
/// <param name="Name">As in bench/peers.</param>
/// <param name="Model">Its shape.</param>
/// <param name="Batch">Sequences at once.</param>
/// <param name="Greedy">Whether the likeliest token is taken, rather than one sampled at temperature 1.</param>
/// <param name="Threads">How many.</param>
sealed record SamplingCase(string Name, LlamaConfig Model, int Batch, bool Greedy, int Threads) : IBenchCase
{
    const int NewTokens = 128, Warmups = 2;
    static readonly TimeSpan Enough = TimeSpan.FromSeconds(1);

    public string Group => "sampling";

    public BenchRow Measure(Ceilings ceilings, OpProfile? profile)
    {
        using Workers workers = new(Threads) { Profile = profile };
        ICausalLm model = LlamaModel.Initialize(Model, new Rng(0, "student")).Copy(trainable: false);
        Generator generator = new(model, workers);
        int[] prompt = [1];
        int[][] prompts = [.. Enumerable.Repeat(prompt, Batch)];
        GenerationOptions options = new() { MaxNewTokens = NewTokens, Greedy = Greedy, BatchSize = Batch };

        List<double> seconds = [];
        for (int round = 0; round < Warmups + 3 || seconds.Sum() < Enough.TotalSeconds; round++)
        {
            if (round == Warmups)
                profile?.Clear();
            long start = Stopwatch.GetTimestamp();
            generator.Generate(prompts, options, i => new Rng(0, "sampling", i));
            if (round >= Warmups)
                seconds.Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
        }

        return new BenchRow
        {
            Case = Name,
            Group = Group,
            What = FormattableString.Invariant($"{Model.ParameterCount / 1e6:0.00}M, batch {Batch}, {NewTokens} tokens, {(Greedy ? "greedy" : "sampled")}, {Threads} threads"),
            TokensPerSecond = Batch * NewTokens / Timing.Median(seconds),
        };
    }
}
