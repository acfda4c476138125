using Goodhart.Models.Architectures.T5;

namespace Goodhart.Models.Tests.Architectures.T5;

/// <summary>The forward pass written out in double precision, one source and one target at a time.</summary>
sealed class T5Reference(T5Model model)
{
    readonly T5Config _config = model.Config;

    /// <summary>By checkpoint name; may be changed, for finite differences.</summary>
    public Dictionary<string, double[]> Weights { get; } =
        model.Parameters.All.ToDictionary(p => p.Name, p => Array.ConvertAll(p.Value.Data.ToArray(), x => (double)x));

    /// <summary>[T][V].</summary>
    public double[][] Logits(int[] source, int[] target)
    {
        double[][] encoded = Stack("encoder", source, _config.NumLayers, null), h = Stack("decoder", target, _config.NumDecoderLayers, encoded);
        double scale = _config.ScaleDecoderOutputs ? 1 / Math.Sqrt(_config.DModel) : 1;
        string head = _config.TieWordEmbeddings ? "shared" : "lm_head";
        return [.. h.Select(row => Linear(head, [.. row.Select(x => x * scale)]))];
    }

    double[][] Stack(string stack, int[] ids, int layers, double[][]? encoded)
    {
        int width = _config.DModel;
        double[][] h = [.. ids.Select(id => Weights["shared.weight"][(id * width)..((id + 1) * width)])];
        for (int i = 0; i < layers; i++)
        {
            string layer = $"{stack}.block.{i}.layer.";
            double[][] x = Norm(layer + "0.layer_norm", h);
            h = Add(h, Attention(layer + "0.SelfAttention.", x, x, $"{stack}.block.0.layer.0.SelfAttention.relative_attention_bias.weight", encoded is not null));
            if (encoded is not null)
                h = Add(h, Attention(layer + "1.EncDecAttention.", Norm(layer + "1.layer_norm", h), encoded, null, isCausal: false));
            string last = layer + (encoded is null ? 1 : 2);
            h = Add(h, [.. Norm(last + ".layer_norm", h).Select(row => FeedForward(last + ".DenseReluDense.", row))]);
        }

        return Norm(stack + ".final_layer_norm", h);
    }

    double[][] Attention(string name, double[][] from, double[][] to, string? bias, bool isCausal)
    {
        int size = _config.DKv;
        double[][] q = [.. from.Select(row => Linear(name + "q", row))], k = [.. to.Select(row => Linear(name + "k", row))], v = [.. to.Select(row => Linear(name + "v", row))];
        double[][] o = [.. q.Select(row => new double[row.Length])];
        for (int i = 0; i < q.Length; i++)
        {
            for (int head = 0; head < _config.NumHeads; head++)
            {
                double[] weights = [.. Enumerable.Range(0, isCausal ? i + 1 : k.Length).Select(j => Math.Exp(
                    Enumerable.Range(head * size, size).Sum(d => q[i][d] * k[j][d])
                    + (bias is null ? 0 : Weights[bias][Bucket(j - i, isCausal) * _config.NumHeads + head])))];
                for (int d = head * size; d < (head + 1) * size; d++)
                    o[i][d] = weights.Select((weight, j) => weight * v[j][d]).Sum() / weights.Sum();
            }
        }

        return [.. o.Select(row => Linear(name + "o", row))];
    }

    /// <summary>As the published rule has it.</summary>
    int Bucket(int distance, bool isCausal)
    {
        int buckets = _config.RelativeAttentionNumBuckets, offset = 0;
        if (!isCausal)
        {
            buckets /= 2;
            offset = distance > 0 ? buckets : 0;
        }

        int back = isCausal ? Math.Max(-distance, 0) : Math.Abs(distance), exact = buckets / 2;
        double share = back < exact ? 0 : Math.Log((double)back / exact) / Math.Log((double)_config.RelativeAttentionMaxDistance / exact);
        return offset + (back < exact ? back : Math.Min(buckets - 1, exact + (int)(share * (buckets - exact))));
    }

    double[] FeedForward(string name, double[] x)
    {
        double[] f = _config.IsGated
            ? [.. Linear(name + "wi_0", x).Zip(Linear(name + "wi_1", x), (g, u) => g * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (g + 0.044715 * g * g * g))) / 2 * u)]
            : [.. Linear(name + "wi", x).Select(value => Math.Max(value, 0))];
        return Linear(name + "wo", f);
    }

    double[][] Norm(string name, double[][] x) => [.. x.Select(row =>
        row.Zip(Weights[name + ".weight"], (value, weight) => value / Math.Sqrt(row.Average(y => y * y) + _config.LayerNormEpsilon) * weight).ToArray())];

    double[] Linear(string name, double[] x)
    {
        double[] weight = Weights[name + ".weight"], y = new double[weight.Length / x.Length];
        for (int row = 0; row < y.Length; row++)
        {
            for (int i = 0; i < x.Length; i++)
                y[row] += weight[row * x.Length + i] * x[i];
        }

        return y;
    }

    static double[][] Add(double[][] a, double[][] b) => [.. a.Zip(b, (x, y) => x.Zip(y, (p, q) => p + q).ToArray())];
}
