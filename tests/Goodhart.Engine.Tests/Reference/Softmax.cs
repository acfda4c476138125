namespace Goodhart.Engine.Tests.Reference;

/// <summary>Log-probabilities of logits.</summary>
static class Softmax
{
    public static double[] Log(IEnumerable<double> logits, double temperature = 1)
    {
        double[] z = [.. logits.Select(logit => logit / temperature)];
        double max = z.Max(), logSum = max + Math.Log(z.Sum(value => Math.Exp(value - max)));
        return [.. z.Select(value => value - logSum)];
    }
}
