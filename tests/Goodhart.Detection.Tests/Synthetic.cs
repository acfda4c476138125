using Goodhart.Detection.Curves;
using Goodhart.Detection.Laws;

namespace Goodhart.Detection.Tests;

/// <summary>Curves whose truth is known, with seeded noise.</summary>
static class Synthetic
{
    /// <summary>Steps evenly spaced in log-time.</summary>
    public static double[] Steps(int count, double first = 10, double last = 10_000) =>
        [.. Enumerable.Range(0, count).Select(i => first * Math.Pow(last / first, i / (count - 1.0)))];

    public static Curve Curve(
        double[] steps, Func<double, double> proxy, Func<double, double>? golden = null, Func<double, double>? train = null) =>
        new(steps.Select(step => new CurvePoint(step, proxy(step), null, golden?.Invoke(step), null, train?.Invoke(step))));

    /// <summary>A law that turns, at a step, into another power of the step; an exponent of 0 stagnates, below 0 it rises.</summary>
    public static Func<double, double> Turning(PowerLaw law, double turn, double exponentAfter) =>
        step => step <= turn ? law.At(step) : law.At(turn) * Math.Pow(step / turn, -exponentAfter);

    /// <summary>The same curve with independent relative noise.</summary>
    public static Func<double, double> Noisy(Func<double, double> clean, double sigma, Random random) =>
        step => clean(step) * Math.Exp(sigma * Normal(random));

    public static double Between(this Random random, double low, double high) => low + (high - low) * random.NextDouble();

    static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
