using System.Numerics.Tensors;
using Goodhart.Engine.Randomness;

namespace Goodhart.Models.Generation;

/// <summary>Draws one id from a row of logits.</summary>
static class Sampler
{
    public static int Draw(ReadOnlySpan<float> logits, GenerationOptions options, Rng rng)
    {
        if (options.Greedy)
            return ArgMax(logits);

        bool truncated = options.TopP < 1 || (options.TopK > 0 && options.TopK < logits.Length);
        return truncated ? DrawTruncated(logits, options, rng) : DrawAny(logits, options.SamplingTemperature, rng);
    }

    /// <summary>The lowest id among the likeliest.</summary>
    public static int ArgMax(ReadOnlySpan<float> logits)
    {
        int best = TensorPrimitives.IndexOfMax(logits);
        return float.IsFinite(logits[best]) ? best : throw NotFinite();
    }

    // Inverse transform: one pass for the total, one that stops where the cumulative weight passes u times the total.
    static int DrawAny(ReadOnlySpan<float> logits, float temperature, Rng rng)
    {
        Span<float> weights = logits.Length <= 4096 ? stackalloc float[logits.Length] : new float[logits.Length];
        double total = Weights(logits, temperature, weights);
        return Pick(weights, rng.NextDouble() * total);
    }

    static int DrawTruncated(ReadOnlySpan<float> logits, GenerationOptions options, Rng rng)
    {
        float[] weights = new float[logits.Length];
        double total = Weights(logits, options.SamplingTemperature, weights);
        int[] order = [.. Enumerable.Range(0, logits.Length)];
        Array.Sort(order, (a, b) => weights[a] != weights[b] ? weights[b].CompareTo(weights[a]) : a.CompareTo(b));

        int limit = options.TopK > 0 ? Math.Min(options.TopK, order.Length) : order.Length;
        int kept = 0;
        double mass = 0;
        while (kept < limit && (kept == 0 || mass < options.TopP * total))
            mass += weights[order[kept++]];

        double target = rng.NextDouble() * mass;
        for (int i = 0; i < kept - 1; i++)
        {
            target -= weights[order[i]];
            if (target < 0)
                return order[i];
        }

        return order[kept - 1];
    }

    static double Weights(ReadOnlySpan<float> logits, float temperature, Span<float> weights)
    {
        TensorPrimitives.Subtract(logits, TensorPrimitives.Max(logits), weights);
        if (temperature != 1)
            TensorPrimitives.Divide(weights, temperature, weights);
        TensorPrimitives.Exp(weights, weights);
        double total = TensorPrimitives.Sum<float>(weights);
        if (!double.IsFinite(total))
            throw NotFinite();
        return total;
    }

    static int Pick(ReadOnlySpan<float> weights, double target)
    {
        for (int i = 0; i < weights.Length; i++)
        {
            target -= weights[i];
            if (target < 0)
                return i;
        }

        // Rounding can leave a crumb past the end: the last id that has any weight.
        int last = weights.Length - 1;
        while (weights[last] == 0)
            last--;
        return last;
    }

    static ArithmeticException NotFinite() => new("Sampler: the logits are not finite; the model's weights are broken.");
}
