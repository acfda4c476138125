namespace Goodhart.Cli.Benchmarks;

/// <summary>time = factor size^exponent, by least squares on logarithms.</summary>
/// <param name="Exponent">1 is linear.</param>
/// <param name="Factor">Seconds at size 1.</param>
/// <param name="Error">Two standard errors of the exponent, from the scatter about the fit.</param>
sealed record PowerFit(double Exponent, double Factor, double Error)
{
    /// <summary>Points that a fit with an error needs.</summary>
    public const int Least = 3;

    public static PowerFit Of(IReadOnlyList<(double Size, double Seconds)> points)
    {
        double[] x = [.. points.Select(point => Math.Log(point.Size))], y = [.. points.Select(point => Math.Log(point.Seconds))];
        double meanX = x.Average(), meanY = y.Average(), squares = x.Sum(value => (value - meanX) * (value - meanX));
        double slope = x.Zip(y, (a, b) => (a - meanX) * (b - meanY)).Sum() / squares, intercept = meanY - slope * meanX;
        double residuals = x.Zip(y, (a, b) => b - intercept - slope * a).Sum(rest => rest * rest);
        return new PowerFit(slope, Math.Exp(intercept), 2 * Math.Sqrt(residuals / (x.Length - 2) / squares));
    }
}
