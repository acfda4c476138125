using Goodhart.Engine.Autograd;
using Goodhart.Engine.Tests.Contract;

namespace Goodhart.Engine.Tests.Reference;

/// <summary>o_i = sum over j of softmax_j(q_i k_j + bias[bucket(j - i)]) v_j over the keys that are there, in each sequence and head.</summary>
sealed class BiasedAttentionReference : IOpReference
{
    public IEnumerable<OpCase> Cases()
    {
        foreach (bool causal in (bool[])[false, true])
        {
            foreach (bool biased in (bool[])[false, true])
            {
                yield return Case(queries: 7, keys: 7, [7, 4], heads: 3, headSize: 5, biased, causal);
                yield return Case(queries: 1, keys: 1, [1], heads: 1, headSize: 8, biased, causal);
            }
        }

        yield return Case(queries: 5, keys: 9, [9, 1, 6], heads: 2, headSize: 16, biased: false, causal: false);
        yield return Case(queries: 4, keys: 11, [11, 3], heads: 2, headSize: 9, biased: true, causal: false);
    }

    static OpCase Case(int queries, int keys, int[] lengths, int heads, int headSize, bool biased, bool causal)
    {
        int[] buckets = [.. Enumerable.Range(1 - queries, queries + keys - 1).Select(distance => Math.Abs(distance) % 3)];
        OpInput[] inputs =
        [
            new("q", new(lengths.Length * queries, heads * headSize)) { Scale = 0.5 },
            new("k", new(lengths.Length * keys, heads * headSize)),
            new("v", new(lengths.Length * keys, heads * headSize)),
        ];
        return new(
            "BiasedAttention", $"Q {queries}, K [{string.Join(", ", lengths)}] of {keys}, H {heads}, D {headSize}{(biased ? ", biased" : "")}{(causal ? ", causal" : "")}",
            biased ? [.. inputs, new("bias", new(3, heads))] : inputs,
            (tape, input) => tape.BiasedAttention(input[0], input[1], input[2], lengths, heads, biased ? new RelativeBias(input[3], buckets) : null, causal),
            input => Forward(input, queries, keys, lengths, heads, headSize, biased ? buckets : null, causal));
    }

    static double[] Forward(double[][] input, int queries, int keys, int[] lengths, int heads, int headSize, int[]? buckets, bool causal)
    {
        double[] o = new double[input[0].Length];
        for (int row = 0; row < lengths.Length * queries; row++)
        {
            for (int head = 0; head < heads; head++)
            {
                int sequence = row / queries, i = row % queries, seen = causal ? Math.Min(i + 1, lengths[sequence]) : lengths[sequence];
                double[] scores = new double[seen];
                for (int j = 0; j < seen; j++)
                {
                    for (int d = 0; d < headSize; d++)
                        scores[j] += input[0][(row * heads + head) * headSize + d] * input[1][((sequence * keys + j) * heads + head) * headSize + d];
                    if (buckets is not null)
                        scores[j] += input[3][buckets[j - i + queries - 1] * heads + head];
                }

                double[] logs = Softmax.Log(scores);
                for (int j = 0; j < seen; j++)
                {
                    for (int d = 0; d < headSize; d++)
                        o[(row * heads + head) * headSize + d] += Math.Exp(logs[j]) * input[2][((sequence * keys + j) * heads + head) * headSize + d];
                }
            }
        }

        return o;
    }
}
