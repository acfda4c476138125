using BenchmarkDotNet.Attributes;
using Goodhart.Engine.Kernels;

namespace Goodhart.Benchmarks;

/// <summary>One thread of C[M, N] = A[M, K] B[K, N], at the shapes of models.</summary>
public class MatMulBenchmarks
{
    float[] _a = [], _b = [], _c = [];
    PackedPanels _panels;

    public static IEnumerable<MatMulShape> Shapes =>
    [
        new("square", 512, 512, 512),
        new("lab", 2048, 32, 88),
        new("medium", 1024, 256, 688),
        new("head", 256, 288, 32000),
        new("decode", 1, 64, 172),
    ];

    [ParamsSource(nameof(Shapes))]
    public MatMulShape Shape { get; set; } = new("", 0, 0, 0);

    [GlobalSetup]
    public void Setup()
    {
        int width = PackedPanels.BestWidth;
        (_a, _b, _c) = (Filled.Of(Shape.Rows * Shape.Depth), Filled.Of(Shape.Depth * Shape.Columns), new float[Shape.Rows * Shape.Columns]);
        _panels = new PackedPanels(new float[PackedPanels.LengthFor(Shape.Depth, Shape.Columns, width)], Shape.Depth, Shape.Columns, width);
        Pack();
    }

    /// <summary>y = x transpose(W), W packed already.</summary>
    [Benchmark]
    public void Multiply() => MatMulKernel.Multiply(_a, Shape.Depth, 1, _panels, _c, Shape.Rows, 0, _panels.Count, add: false);

    /// <summary>B into panels, as dx = dy W needs.</summary>
    [Benchmark]
    public void Pack()
    {
        for (int panel = 0; panel < _panels.Count; panel++)
            _panels.PackPanel(panel, _b);
    }

    /// <summary>The transpose of B into panels, as y = x transpose(W) needs.</summary>
    [Benchmark]
    public void PackTransposed()
    {
        for (int panel = 0; panel < _panels.Count; panel++)
            _panels.PackPanelTransposed(panel, _b);
    }
}

/// <summary>A named product; together no longer than what a column of the summary shows.</summary>
public sealed record MatMulShape(string Name, int Rows, int Depth, int Columns)
{
    public override string ToString() => $"{Name} {Rows}x{Depth}x{Columns}";
}
