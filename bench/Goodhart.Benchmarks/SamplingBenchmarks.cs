using BenchmarkDotNet.Attributes;
using Goodhart.Engine.Randomness;
using Goodhart.Models.Generation;

namespace Goodhart.Benchmarks;

/// <summary>One token from a row of logits.</summary>
public class SamplingBenchmarks
{
    readonly Rng _rng = new(0, "bench");
    readonly GenerationOptions _greedy = new() { Greedy = true }, _all = new(), _topK = new() { TopK = 40 }, _topP = new() { TopP = 0.9f };
    float[] _logits = [];

    [Params(512, 32000)]
    public int Vocabulary { get; set; }

    [GlobalSetup]
    public void Setup() => _logits = Filled.Of(Vocabulary);

    [Benchmark]
    public int Greedy() => Sampler.Draw(_logits, _greedy, _rng);

    [Benchmark(Baseline = true)]
    public int All() => Sampler.Draw(_logits, _all, _rng);

    [Benchmark]
    public int TopK() => Sampler.Draw(_logits, _topK, _rng);

    [Benchmark]
    public int TopP() => Sampler.Draw(_logits, _topP, _rng);
}
