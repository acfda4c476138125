using Goodhart.Lab.Runs;

namespace Goodhart.Lab.Report;

/// <summary>The evaluations of an arm as a path in the proxy-golden plane.</summary>
sealed record Track(string Name, string Color, string Verdict, IReadOnlyList<(double Step, double Proxy, double Golden)> Points)
{
    const int MaxPoints = 200;

    /// <summary>The index of the lowest golden.</summary>
    public int Lowest { get; } = Enumerable.Range(0, Points.Count).MinBy(i => Points[i].Golden);

    /// <summary>Whether golden ends visibly above its lowest: by 2% or more.</summary>
    public bool HasTurned => Points[^1].Golden > 1.02 * Points[Lowest].Golden;

    /// <summary>Null where no line of the log holds both distances.</summary>
    public static Track? Of(ArmRecord arm, string color)
    {
        (double Step, double Proxy, double Golden)[] points =
        [
            .. from line in arm.Lines
               let step = ArmRecord.Drawable(line, "step")
               let proxy = ArmRecord.Drawable(line, "proxy/forward_kl_per_token")
               let golden = ArmRecord.Drawable(line, "golden/forward_kl_per_token")
               where step is not null && proxy is not null && golden is not null
               select (step.Value, proxy.Value, golden.Value),
        ];
        int stride = 1 + points.Length / MaxPoints;
        return points.Length == 0 ? null : new Track(Prose.Of(arm.Summary.Arm), color, arm.Summary.Verdict,
            [.. points.Where((_, i) => i % stride == 0 || i == points.Length - 1)]);
    }

    public Pixel[] Pixels(Frame frame) => [.. Points.Select(point => frame.At(point.Proxy, point.Golden))];
}
