using MathNet.Numerics.LinearRegression;

namespace Goodhart.Detection.Laws;

/// <summary>The law that fits best among those with one given floor c.</summary>
/// <param name="Law">a, b and c.</param>
/// <param name="SquaredError">Sum of squares of log(distance / law).</param>
readonly record struct OffsetFit(PowerLaw Law, double SquaredError);

/// <summary>Part of a curve, as logarithms, ready to be fitted at any floor.</summary>
sealed class LogWindow
{
    readonly double[] _x, _y, _distances;
    readonly double _centre;

    public LogWindow(IReadOnlyList<double> steps, IReadOnlyList<double> distances)
    {
        if (steps.Count != distances.Count || steps.Count < 3)
            throw new ArgumentException($"A law needs three points, got {steps.Count} steps and {distances.Count} distances.");
        if (steps.Any(step => !(step > 0)) || distances.Any(distance => !(distance > 0)))
            throw new ArgumentException("A law needs positive steps and distances: step 0 has no logarithm.");

        (FirstStep, LastStep) = (steps[0], steps[^1]);
        _distances = [.. distances];
        _y = [.. distances.Select(distance => Math.Log(distance))];
        _centre = steps.Average(step => Math.Log(step));
        _x = [.. steps.Select(step => Math.Log(step) - _centre)];
    }

    public int Count => _x.Length;

    public double FirstStep { get; }

    public double LastStep { get; }

    public double LowestDistance => _distances.Min();

    /// <summary>Least squares of log m over a and b at the floor c, by damped Gauss-Newton; c = 0 is a straight line.</summary>
    public OffsetFit FitAt(double c)
    {
        (double alpha, double b) = StartAt(c);
        double error = SquaredError(alpha, b, c);
        if (!double.IsFinite(error))
        {
            (alpha, b) = StartAt(0);
            error = SquaredError(alpha, b, c);
        }

        for (int i = 0; c > 0 && i < 50; i++)
        {
            (double dAlpha, double dB) = Step(alpha, b, c);
            double scale = 1, next = SquaredError(alpha + dAlpha, b + dB, c);
            while (!(next <= error) && scale > 1e-6)
            {
                scale /= 2;
                next = SquaredError(alpha + scale * dAlpha, b + scale * dB, c);
            }

            if (!(next <= error))
                break;
            (alpha, b) = (alpha + scale * dAlpha, b + scale * dB);
            bool settled = error - next <= 1e-14 * error;
            error = next;
            if (settled)
                break;
        }

        return new OffsetFit(new PowerLaw(Math.Exp(alpha + b * _centre), b, c), error);
    }

    /// <summary>
    /// Standard error of log m at a step, in units of the scatter, from the uncertainty of a and b at the law's floor.
    /// </summary>
    public Func<double, double> Leverage(PowerLaw law)
    {
        Normal normal = NormalOf(Math.Log(law.Amplitude) - law.Exponent * _centre, law.Exponent, law.Offset);
        return step =>
        {
            double share = 1 - law.Offset / law.At(step), ga = share, gb = -share * (Math.Log(step) - _centre);
            return Math.Sqrt(
                (ga * ga * normal.Bb - 2 * ga * gb * normal.Ab + gb * gb * normal.Aa) / normal.Determinant);
        };
    }

    /// <summary>The line through log(m - c); its errors are those of log m magnified, so each point is weighted back.</summary>
    (double Alpha, double B) StartAt(double c)
    {
        if (c == 0)
        {
            (double intercept, double slope) = SimpleRegression.Fit(_x, _y);
            return (intercept, -slope);
        }

        double w = 0, wx = 0, wy = 0, wxx = 0, wxy = 0;
        for (int i = 0; i < _x.Length; i++)
        {
            double share = 1 - c / _distances[i], weight = share * share, y = Math.Log(_distances[i] - c);
            (w, wx, wy) = (w + weight, wx + weight * _x[i], wy + weight * y);
            (wxx, wxy) = (wxx + weight * _x[i] * _x[i], wxy + weight * _x[i] * y);
        }

        double tilt = (w * wxy - wx * wy) / (w * wxx - wx * wx);
        return ((wy - tilt * wx) / w, -tilt);
    }

    (double Alpha, double B) Step(double alpha, double b, double c)
    {
        Normal n = NormalOf(alpha, b, c);
        return ((n.Bb * n.RightA - n.Ab * n.RightB) / n.Determinant, (n.Aa * n.RightB - n.Ab * n.RightA) / n.Determinant);
    }

    double SquaredError(double alpha, double b, double c)
    {
        double sum = 0;
        for (int i = 0; i < _x.Length; i++)
        {
            double residual = _y[i] - Math.Log(Math.Exp(alpha - b * _x[i]) + c);
            sum += residual * residual;
        }

        return sum;
    }

    /// <summary>The normal equations of the fit linearised about a law; d log m / d alpha is the share above the floor.</summary>
    Normal NormalOf(double alpha, double b, double c)
    {
        Normal n = default;
        for (int i = 0; i < _x.Length; i++)
        {
            double above = Math.Exp(alpha - b * _x[i]);
            double ga = above / (above + c), gb = -ga * _x[i], residual = _y[i] - Math.Log(above + c);
            n = new Normal(
                n.Aa + ga * ga, n.Ab + ga * gb, n.Bb + gb * gb, n.RightA + ga * residual, n.RightB + gb * residual);
        }

        return n;
    }

    readonly record struct Normal(double Aa, double Ab, double Bb, double RightA, double RightB)
    {
        public double Determinant => Aa * Bb - Ab * Ab;
    }
}
