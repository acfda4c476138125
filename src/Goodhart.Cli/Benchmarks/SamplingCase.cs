using System.Diagnostics;
using Goodhart.Engine.Autograd;
using Goodhart.Engine.Randomness;
using Goodhart.Engine.Threading;
using Goodhart.Models;
using Goodhart.Models.Generation;

namespace Goodhart.Cli.Benchmarks;

/// <summary>Writing tokens with a key/value cache, from one prompt token.</summary>
/// <param name="Name">As in bench/peers.</param>
/// <param name="Model">Frozen weights, made or read when it is measured.</param>
/// <param name="Batch">Sequences at once.</param>
/// <param name="Options">How many tokens, and how they are chosen.</param>
/// <param name="Threads">How many.</param>
/// <param name="Target">What it is meant to reach.</param>
sealed record SamplingCase(
    string Name, Func<ICausalLm> Model, int Batch, GenerationOptions Options, int Threads, Target? Target) : IBenchCase
{
    /// <summary>New tokens of greedy-1.</summary>
    public const int GreedyTokens = 256;

    const int Warmups = 2;
    static readonly TimeSpan Enough = TimeSpan.FromSeconds(1);

    public string Group => "sampling";

    public BenchRow Measure(OpProfile? profile)
    {
        using Workers workers = new(Threads) { Profile = profile };
        ICausalLm model = Model();
        Generator generator = new(model, workers);
        int[] prompt = [model.Config.BosTokenId ?? 1];
        int[][] prompts = [.. Enumerable.Repeat(prompt, Batch)];

        List<double> rates = [];
        double spent = 0;
        for (int round = 0; round < Warmups + 3 || spent < Enough.TotalSeconds; round++)
        {
            if (round == Warmups)
                profile?.Clear();
            long start = Stopwatch.GetTimestamp();
            Completion[] written = generator.Generate(prompts, Options, i => new Rng(0, "sampling", i));
            double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
            if (round < Warmups)
                continue;
            spent += seconds;
            rates.Add(written.Sum(completion => completion.Ids.Length) / seconds);
        }

        return new BenchRow
        {
            Case = Name,
            Group = Group,
            What = FormattableString.Invariant(
                $"{model.Config.ParameterCount / 1e6:0.00}M, batch {Batch}, {Options.MaxNewTokens} tokens, {(Options.Greedy ? "greedy" : "sampled")}"),
            Threads = Threads,
            TokensPerSecond = Timing.Median(rates),
        };
    }
}
