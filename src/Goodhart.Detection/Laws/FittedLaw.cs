namespace Goodhart.Detection.Laws;

/// <summary>A law, where it was fitted, and how well it fits there.</summary>
/// <param name="Law">The law.</param>
/// <param name="FirstStep">The first step of the window it was fitted to.</param>
/// <param name="LastStep">The last step of that window.</param>
/// <param name="Points">How many evaluations the window holds.</param>
/// <param name="ResidualSigma">
/// Standard deviation of log(distance / law) in the window, corrected for the fitted parameters: near 0.01 when the
/// evaluations scatter about the law by one per cent.
/// </param>
/// <param name="Aicc">
/// Akaike's information criterion, corrected for few points; of two laws for one window the lower wins.
/// </param>
public sealed record FittedLaw(
    PowerLaw Law, double FirstStep, double LastStep, int Points, double ResidualSigma, double Aicc);
