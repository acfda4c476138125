namespace Goodhart.Detection.Curves;

/// <summary>One evaluation of a student. All distances are lower-is-better and share one unit.</summary>
/// <param name="Step">Training steps done, or any other count that grows with training; 0 is before training.</param>
/// <param name="Proxy">Distance to the teacher on held-out prompts.</param>
/// <param name="ProxyStdErr">Standard error of <paramref name="Proxy"/>; null when unknown.</param>
/// <param name="Golden">Distance to the oracle on held-out prompts; null when not measured.</param>
/// <param name="GoldenStdErr">Standard error of <paramref name="Golden"/>; null when unknown.</param>
/// <param name="TrainProxy">Distance to the teacher on training samples; null when not measured.</param>
public sealed record CurvePoint(
    double Step,
    double Proxy,
    double? ProxyStdErr = null,
    double? Golden = null,
    double? GoldenStdErr = null,
    double? TrainProxy = null);
