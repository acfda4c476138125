namespace Goodhart.Detection.Laws;

/// <summary>A law of convergence, m(t) = a t^(-b) + c.</summary>
/// <param name="Amplitude">a, the distance above the floor at step 1.</param>
/// <param name="Exponent">b; positive when the distance falls.</param>
/// <param name="Offset">c, the floor that is never passed; 0 in the two-parameter form.</param>
public sealed record PowerLaw(double Amplitude, double Exponent, double Offset)
{
    /// <summary>The distance the law gives after so many steps; step 0 is outside every law (infinite).</summary>
    public double At(double step) => Amplitude * Math.Pow(step, -Exponent) + Offset;
}
