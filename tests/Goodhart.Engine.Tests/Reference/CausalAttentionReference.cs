using Goodhart.Engine.Tests.Contract;

namespace Goodhart.Engine.Tests.Reference;

/// <summary>o_i = sum over j from i - W + 1 to i of softmax_j(q_i k_j / sqrt(D)) v_j, in each sequence and head; H / K query heads share a key head.</summary>
sealed class CausalAttentionReference : IOpReference
{
    public IEnumerable<OpCase> Cases()
    {
        foreach (int time in (int[])[1, 3, 8, 33])
        {
            foreach (int headSize in (int[])[4, 8, 12, 16, 64])
                yield return Case(new(Sequences: 2, time, Heads: 4, KeyHeads: 2, headSize));
        }

        yield return Case(new(Sequences: 1, Time: 9, Heads: 3, KeyHeads: 3, HeadSize: 8));
        yield return Case(new(Sequences: 3, Time: 5, Heads: 4, KeyHeads: 1, HeadSize: 8));
        yield return Case(new(Sequences: 2, Time: 17, Heads: 2, KeyHeads: 1, HeadSize: 16), scale: 10);
        foreach (int window in (int[])[1, 2, 3, 5, 16, 17, 33, 40, 100])
            yield return Case(new(Sequences: 2, Time: 70, Heads: 4, KeyHeads: 2, HeadSize: 12, window));
    }

    static OpCase Case(Sizes s, double scale = 1) => new(
        "CausalAttention", $"B {s.Sequences}, T {s.Time}, H {s.Heads}, K {s.KeyHeads}, D {s.HeadSize}{(scale == 1 ? "" : $", q x {scale}")}{(s.Window == int.MaxValue ? "" : $", W {s.Window}")}",
        [
            new("q", new(s.Sequences * s.Time, s.Heads * s.HeadSize)) { Scale = scale },
            new("k", new(s.Sequences * s.Time, s.KeyHeads * s.HeadSize)),
            new("v", new(s.Sequences * s.Time, s.KeyHeads * s.HeadSize)),
        ],
        (tape, input) => tape.CausalAttention(input[0], input[1], input[2], s.Time, s.Heads, s.KeyHeads, s.Window),
        input => Forward(input[0], input[1], input[2], s));

    static double[] Forward(double[] q, double[] k, double[] v, Sizes s)
    {
        double[] o = new double[q.Length];
        for (int row = 0; row < s.Sequences * s.Time; row++)
        {
            for (int head = 0; head < s.Heads; head++)
            {
                int first = Math.Max(row - row % s.Time, row - s.Window + 1), keyHead = head / (s.Heads / s.KeyHeads);
                double[] scores = new double[row - first + 1];
                for (int j = 0; j < scores.Length; j++)
                {
                    for (int d = 0; d < s.HeadSize; d++)
                        scores[j] += q[(row * s.Heads + head) * s.HeadSize + d] * k[s.Key(first + j, keyHead) + d] / Math.Sqrt(s.HeadSize);
                }

                double[] logs = Softmax.Log(scores);
                for (int j = 0; j < scores.Length; j++)
                {
                    for (int d = 0; d < s.HeadSize; d++)
                        o[(row * s.Heads + head) * s.HeadSize + d] += Math.Exp(logs[j]) * v[s.Key(first + j, keyHead) + d];
                }
            }
        }

        return o;
    }

    sealed record Sizes(int Sequences, int Time, int Heads, int KeyHeads, int HeadSize, int Window = int.MaxValue)
    {
        public int Key(int row, int keyHead) => (row * KeyHeads + keyHead) * HeadSize;
    }
}
