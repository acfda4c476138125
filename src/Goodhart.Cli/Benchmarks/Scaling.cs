using Goodhart.Models.Architectures.Llama;

namespace Goodhart.Cli.Benchmarks;

/// <summary>How the time of a step grows with its tokens, with the student's parameters and with the vocabulary, the other two fixed.</summary>
static class Scaling
{
    public const string Group = "scaling";

    const int Time = 128, Batch = 8, Width = 64, Layers = 6, Heads = 4, Vocabulary = 512;
    const double EnoughSeconds = 1;

    /// <summary>50 thousand to 20 million parameters.</summary>
    static readonly int[] Widths = [24, 40, 64, 96, 144, 224, 344, 528];

    /// <summary>No worse than linear.</summary>
    static readonly Target Linear = new(Exponent: 1);

    static readonly (string Axis, string Unit)[] Axes =
        [("tokens", "tokens"), ("parameters", "parameters"), ("vocabulary", "vocabulary")];

    /// <summary>Grids that are even in logarithms; the teacher is as large as the student.</summary>
    public static IEnumerable<IBenchCase> Cases(int threads) =>
    [
        .. Doubling(256, 16384).Select(tokens => Point($"tokens-{tokens}", tokens, Model(Width, Vocabulary), tokens / Time, threads)),
        .. Widths.Select(width => Model(width, Vocabulary)).Select(model => Point(
            FormattableString.Invariant($"parameters-{model.ParameterCount / 1e6:0.00}M"), model.ParameterCount, model, Batch, threads)),
        .. Doubling(512, 65536).Select(vocabulary => Point($"vocabulary-{vocabulary}", vocabulary, Model(Width, vocabulary), Batch, threads)),
    ];

    /// <summary>A row for each axis with the exponent of time over size, where at least three of its points were measured.</summary>
    public static IEnumerable<BenchRow> Fits(IReadOnlyList<BenchRow> rows) =>
        from axis in Axes
        let points = PointsOf(rows, axis.Axis)
        where points.Length >= PowerFit.Least
        let all = PowerFit.Of(points)
        let upper = points[(points.Length / 2)..]
        select new BenchRow
        {
            Case = $"{Group}-{axis.Axis}",
            Group = Group,
            What = $"seconds per step over {axis.Unit}, {points.Length} points",
            Exponent = all.Exponent,
            ExponentError = all.Error,
            UpperExponent = upper.Length >= PowerFit.Least ? PowerFit.Of(upper).Exponent : null,
        }.JudgedBy(Linear);

    /// <summary>The points of each axis, with what it is called.</summary>
    public static IEnumerable<(string Unit, (double Size, double Seconds)[] Points)> Curves(IReadOnlyList<BenchRow> rows) =>
        Axes.Select(axis => (axis.Unit, PointsOf(rows, axis.Axis))).Where(curve => curve.Item2.Length > 0);

    static (double Size, double Seconds)[] PointsOf(IReadOnlyList<BenchRow> rows, string axis) =>
        [.. from row in rows
            where row.Group == Group && row.Case.StartsWith($"{axis}-", StringComparison.Ordinal)
            select (row.Size!.Value, row.SecondsPerStep!.Value)];

    static StepCase Point(string name, double size, LlamaConfig model, int batch, int threads) =>
        new(name, model, model, batch, Time, threads, Target: null) { Group = Group, Size = size, Enough = EnoughSeconds };

    static LlamaConfig Model(int width, int vocabulary) => Suite.Llama(width, width * 8 / 3, Layers, Heads, Heads, vocabulary);

    static IEnumerable<int> Doubling(int first, int last)
    {
        for (int value = first; value <= last; value *= 2)
            yield return value;
    }
}
