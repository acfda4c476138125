namespace Goodhart.Distillation.Evaluation;

/// <summary>A distance over held-out prompts, with standard errors over prompts.</summary>
/// <param name="PerToken">Nats per completion token: the sum over all divided by the number of tokens.</param>
/// <param name="PerTokenStdErr">Of a ratio of sums, by the delta method.</param>
/// <param name="PerSequence">Nats per completion: the mean over prompts of the sum over tokens.</param>
/// <param name="PerSequenceStdErr">Of that mean.</param>
public sealed record Estimate(double PerToken, double PerTokenStdErr, double PerSequence, double PerSequenceStdErr)
{
    /// <summary>From the sum over tokens and the number of tokens of each prompt's completion.</summary>
    public static Estimate Of(IReadOnlyList<(double Sum, int Tokens)> prompts)
    {
        int n = prompts.Count;
        double sum = prompts.Sum(p => p.Sum), tokens = prompts.Sum(p => (double)p.Tokens);
        double perToken = sum / tokens, perSequence = sum / n;
        double residuals = prompts.Sum(p => Math.Pow(p.Sum - perToken * p.Tokens, 2)), deviations = prompts.Sum(p => Math.Pow(p.Sum - perSequence, 2));
        double correction = n > 1 ? n / (n - 1.0) : double.NaN;
        return new Estimate(perToken, Math.Sqrt(correction * residuals) / tokens, perSequence, Math.Sqrt(correction * deviations) / n);
    }
}
