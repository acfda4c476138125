using BenchmarkDotNet.Attributes;
using Goodhart.Engine.Kernels;

namespace Goodhart.Benchmarks;

/// <summary>One thread of the passes over 1,024 rows: norm and gate.</summary>
public class RowBenchmarks
{
    const int Rows = 1024;

    float[] _x = [], _up = [], _y = [], _dx = [], _dUp = [], _gain = [];
    readonly float[] _rstd = new float[Rows];

    [Params(64, 256, 768)]
    public int Columns { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        int length = Rows * Columns;
        (_x, _up, _y, _dx, _dUp, _gain) = (Filled.Of(length), Filled.Of(length), new float[length], new float[length], new float[length], Filled.Of(Columns));
        RmsNorm();
    }

    [Benchmark]
    public void RmsNorm() => RmsNormKernel.Forward(_x, _gain, _y, _rstd, Columns, 1e-5f);

    [Benchmark]
    public void RmsNormBackward() => RmsNormKernel.BackwardInput(_up, _x, _gain, _rstd, _dx, Columns);

    [Benchmark]
    public void SwiGlu() => SwiGluKernel.Forward(_x, _up, _y);

    [Benchmark]
    public void SwiGluBackward() => SwiGluKernel.Backward(_y, _x, _up, _dx, _dUp);
}
