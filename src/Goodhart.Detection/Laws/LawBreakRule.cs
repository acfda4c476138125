namespace Goodhart.Detection.Laws;

/// <summary>When a curve counts as having left its early power law. All settings are ours, not the paper's.</summary>
public sealed record LawBreakRule
{
    /// <summary>Steps up to this one never enter a law: warm-up of the learning rate. Default 0.</summary>
    public double WarmupSteps { get; init; }

    /// <summary>
    /// The law begins where the distance has first fallen by this fraction of its first value: before, the curve is on
    /// the plateau about its start, which no power of the step describes. Default 0.1.
    /// </summary>
    public double StartFall { get; init; } = 0.1;

    /// <summary>
    /// The parts of log-time, from where the law begins to the last step, that a law is fitted to; a departure from any
    /// of these laws counts. Default 0.3, 0.4 and 0.5.
    /// </summary>
    public IReadOnlyList<double> EarlyFractions { get; init; } = [0.3, 0.4, 0.5];

    /// <summary>The least number of evaluations a law is fitted to. Default 6.</summary>
    public int MinPoints { get; init; } = 6;

    /// <summary>
    /// How far above the highest continuation that the window allows an evaluation has to lie, in standard deviations
    /// of its prediction (widened, by Student's t, for how few points the scatter is known from). Default 2.5.
    /// </summary>
    public double Sigmas { get; init; } = 2.5;

    /// <summary>How far above, at least, as a fraction: what is smaller is not worth a warning. Default 0.02.</summary>
    public double MinExcess { get; init; } = 0.02;

    /// <summary>How many evaluations running have to lie above. Default 3.</summary>
    public int Running { get; init; } = 3;
}
