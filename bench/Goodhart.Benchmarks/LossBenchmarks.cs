using BenchmarkDotNet.Attributes;
using Goodhart.Engine.Kernels;
using Goodhart.Engine.Kernels.Divergences;

namespace Goodhart.Benchmarks;

/// <summary>One thread of the losses over whole logits of 64 rows, forward.</summary>
public class LossBenchmarks
{
    const int Rows = 64;

    float[] _student = [], _teacher = [];
    readonly float[] _loss = new float[Rows], _saved = new float[3 * Rows];
    readonly int[] _targets = new int[Rows];

    [Params(512, 32000)]
    public int Vocabulary { get; set; }

    [GlobalSetup]
    public void Setup() => (_student, _teacher) = (Filled.Of(Rows * Vocabulary), [.. Filled.Of(Rows * Vocabulary).Reverse()]);

    [Benchmark]
    public void CrossEntropy() => CrossEntropyKernel.Forward(_student, _targets, _loss, _saved.AsSpan(0, Rows), Vocabulary);

    [Benchmark]
    public void ForwardKl() => Divergence(default(ForwardKl));

    [Benchmark]
    public void ReverseKl() => Divergence(default(ReverseKl));

    [Benchmark]
    public void JensenShannon() => Divergence(new JensenShannon(0.5f));

    void Divergence<TDivergence>(TDivergence divergence) where TDivergence : struct, IDivergence =>
        DivergenceKernel.Forward(divergence, _teacher, _student, _loss, _saved, Vocabulary, temperature: 1);
}
