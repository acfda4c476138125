using BenchmarkDotNet.Attributes;
using Goodhart.Engine.Kernels;

namespace Goodhart.Benchmarks;

/// <summary>One thread, one sequence, one key/value head with the query heads that share it.</summary>
public class AttentionBenchmarks
{
    float[] _q = [], _k = [], _v = [], _o = [], _lse = [], _dOut = [], _dq = [], _dk = [], _dv = [], _scratch = [];
    AttentionShape _shape;

    /// <summary>T, and D: lab, small, medium, and a longer context.</summary>
    [Params("64 of 8", "128 of 8", "128 of 32", "512 of 64")]
    public string Shape { get; set; } = "";

    [GlobalSetup]
    public void Setup()
    {
        int[] sizes = [.. Shape.Split(" of ").Select(int.Parse)];
        _shape = new AttentionShape(sizes[0], Heads: 2, KeyHeads: 1, HeadSize: sizes[1]);
        int time = sizes[0], wide = time * 2 * sizes[1], narrow = time * sizes[1];
        (_q, _k, _v, _dOut) = (Filled.Of(wide), Filled.Of(narrow), Filled.Of(narrow), Filled.Of(wide));
        (_o, _lse, _dq, _dk, _dv) = (new float[wide], new float[2 * time], new float[wide], new float[narrow], new float[narrow]);
        _scratch = new float[Math.Max(AttentionKernel.ForwardScratch(_shape), AttentionKernel.BackwardScratch(_shape))];
        Forward();
    }

    [Benchmark]
    public void Forward() => AttentionKernel.Forward(_q, _k, _v, _o, _lse, _scratch, _shape, keyHead: 0);

    [Benchmark]
    public void Backward() => AttentionKernel.Backward(_dOut, _q, _k, _v, _o, _lse, _dq, _dk, _dv, _scratch, _shape, keyHead: 0);
}
