using BenchmarkDotNet.Attributes;
using Goodhart.Engine.Kernels;

namespace Goodhart.Benchmarks;

/// <summary>One thread of the optimizer: weights that stay in a cache, and weights that do not.</summary>
public class AdamWBenchmarks
{
    float[] _gradient = [], _weight = [], _first = [], _second = [];

    [Params(1 << 16, 1 << 24)]
    public int Weights { get; set; }

    [GlobalSetup]
    public void Setup() => (_gradient, _weight, _first, _second) = (Filled.Of(Weights), Filled.Of(Weights), new float[Weights], new float[Weights]);

    [Benchmark]
    public void Step() => AdamWKernel.Step(_gradient, _weight, _first, _second, new AdamWStep(0.9f, 0.999f, 1e-8f, 1e-6f, 1, 0));
}
