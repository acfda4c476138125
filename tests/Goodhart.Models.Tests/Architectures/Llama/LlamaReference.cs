using Goodhart.Models.Architectures.Llama;

namespace Goodhart.Models.Tests.Architectures.Llama;

/// <summary>The forward pass written out in double precision, a token at a time.</summary>
sealed class LlamaReference(LlamaModel model)
{
    readonly LlamaConfig _config = model.Config;

    /// <summary>By checkpoint name; may be changed, for finite differences.</summary>
    public Dictionary<string, double[]> Weights { get; } =
        model.Parameters.All.ToDictionary(p => p.Name, p => Array.ConvertAll(p.Value.Data.ToArray(), x => (double)x));

    /// <summary>[T][V] of one sequence.</summary>
    public double[][] Logits(int[] ids)
    {
        int width = _config.HiddenSize;
        double[][] h = [.. ids.Select(id => Weights["model.embed_tokens.weight"][(id * width)..((id + 1) * width)])];
        for (int layer = 0; layer < _config.NumHiddenLayers; layer++)
        {
            string name = $"model.layers.{layer}.";
            double[][] mixed = Attention(layer, name + "self_attn.", [.. h.Select(x => RmsNorm(name + "input_layernorm", x))]);
            h = [.. h.Zip(mixed, Add)];
            h = [.. h.Select(x => Add(x, FeedForward(name + "mlp.", RmsNorm(name + "post_attention_layernorm", x))))];
        }

        string head = _config.TieWordEmbeddings ? "model.embed_tokens" : "lm_head";
        return [.. h.Select(x => Linear(head, RmsNorm("model.norm", x)))];
    }

    double[][] Attention(int layer, string name, double[][] x)
    {
        int size = _config.HeadDim, group = _config.NumAttentionHeads / _config.NumKeyValueHeads;
        double[][] q = [.. x.Select((row, t) => Rotate(HeadNorm(name + "q_norm", Linear(name + "q_proj", row)), t))];
        double[][] k = [.. x.Select((row, t) => Rotate(HeadNorm(name + "k_norm", Linear(name + "k_proj", row)), t))];
        double[][] v = [.. x.Select(row => Linear(name + "v_proj", row))];
        double[][] o = [.. q.Select(row => new double[row.Length])];
        for (int t = 0; t < x.Length; t++)
        {
            for (int head = 0; head < _config.NumAttentionHeads; head++)
            {
                int own = head * size, shared = head / group * size;
                double[] weights = [.. Enumerable.Range(0, t + 1).Select(s => t - s >= _config.WindowOf(layer) ? 0 : Math.Exp(
                    Enumerable.Range(0, size).Sum(d => q[t][own + d] * k[s][shared + d]) / Math.Sqrt(size)))];
                for (int d = 0; d < size; d++)
                    o[t][own + d] = weights.Select((weight, s) => weight * v[s][shared + d]).Sum() / weights.Sum();
            }
        }

        return [.. o.Select(row => Linear(name + "o_proj", row))];
    }

    /// <summary>Channels i and i + D / 2 of each head turn by position theta^(-2i / D).</summary>
    double[] Rotate(double[] x, int position)
    {
        int size = _config.HeadDim, half = size / 2;
        double[] y = new double[x.Length];
        for (int at = 0; at < x.Length; at++)
        {
            int d = at % size, i = d % half;
            double angle = position * Frequency(Math.Pow(_config.RopeTheta, -2.0 * i / size));
            y[at] = d < half
                ? x[at] * Math.Cos(angle) - x[at + half] * Math.Sin(angle)
                : x[at] * Math.Cos(angle) + x[at - half] * Math.Sin(angle);
        }

        return y;
    }

    /// <summary>As Llama 3.1's published rule has it, by wavelengths.</summary>
    double Frequency(double frequency)
    {
        if (_config.RopeScaling is not { } scaling)
            return frequency;
        double wavelength = 2 * Math.PI / frequency, context = scaling.OriginalMaxPositionEmbeddings;
        if (scaling.RopeType == RopeScaling.Linear || wavelength > context / scaling.LowFreqFactor)
            return frequency / scaling.Factor;
        if (wavelength < context / scaling.HighFreqFactor)
            return frequency;
        double smooth = (context / wavelength - scaling.LowFreqFactor) / (scaling.HighFreqFactor - scaling.LowFreqFactor);
        return (1 - smooth) * frequency / scaling.Factor + smooth * frequency;
    }

    double[] HeadNorm(string name, double[] x) =>
        Weights.ContainsKey(name + ".weight") ? [.. x.Chunk(_config.HeadDim).SelectMany(head => RmsNorm(name, head))] : x;

    double[] FeedForward(string name, double[] x)
    {
        double[] gate = Linear(name + "gate_proj", x), up = Linear(name + "up_proj", x);
        return Linear(name + "down_proj", [.. gate.Zip(up, (g, u) => g / (1 + Math.Exp(-g)) * u)]);
    }

    double[] RmsNorm(string name, double[] x)
    {
        double root = Math.Sqrt(x.Average(value => value * value) + _config.RmsNormEps);
        return [.. x.Zip(Weights[name + ".weight"], (value, weight) => value / root * weight)];
    }

    double[] Linear(string name, double[] x)
    {
        double[] weight = Weights[name + ".weight"], y = Weights.TryGetValue(name + ".bias", out double[]? bias) ? [.. bias] : new double[weight.Length / x.Length];
        for (int row = 0; row < y.Length; row++)
        {
            for (int i = 0; i < x.Length; i++)
                y[row] += weight[row * x.Length + i] * x[i];
        }

        return y;
    }

    static double[] Add(double[] a, double[] b) => [.. a.Zip(b, (x, y) => x + y)];
}
