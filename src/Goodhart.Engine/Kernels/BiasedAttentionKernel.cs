using Goodhart.Engine.Kernels.Simd;

namespace Goodhart.Engine.Kernels;

/// <summary>o_i = sum over j of softmax_j(q_i k_j + bias[bucket(j - i)]) v_j, not scaled, for one sequence and one head (Raffel et al. 2020).</summary>
/// <remarks>A row at a time, for encoders and what looks at them; the log-sum-exp of each row is kept for the backward pass.</remarks>
static class BiasedAttentionKernel
{
    /// <param name="q">[Q, H D].</param>
    /// <param name="k">[K, H D].</param>
    /// <param name="v">[K, H D].</param>
    /// <param name="bias">[buckets, H]; may be empty.</param>
    /// <param name="o">[Q, H D], the head's columns overwritten.</param>
    /// <param name="logSumExp">[Q, H], the head's column overwritten.</param>
    /// <param name="scores">Scratch, K.</param>
    /// <param name="shape">Sizes, mask and buckets.</param>
    /// <param name="keys">How many of the keys are there.</param>
    /// <param name="head">Which head.</param>
    public static void Forward(
        ReadOnlySpan<float> q, ReadOnlySpan<float> k, ReadOnlySpan<float> v, ReadOnlySpan<float> bias, Span<float> o, Span<float> logSumExp,
        Span<float> scores, in BiasedAttentionShape shape, int keys, int head)
    {
        for (int i = 0; i < shape.Queries; i++)
        {
            Span<float> row = scores[..shape.Seen(i, keys)], to = shape.Head(o, i, head);
            Scores(q, k, bias, row, shape, i, head);
            float lse = Rows.LogSumExp(row, 1);
            logSumExp[i * shape.Heads + head] = lse;
            to.Clear();
            for (int j = 0; j < row.Length; j++)
                Rows.AddScaled(shape.Head(v, j, head), MathF.Exp(row[j] - lse), to);
        }
    }

    /// <summary>Adds to dq, dk, dv and dBias, each of which may be empty.</summary>
    /// <remarks>p = exp(score - logSumExp); dv_j += p_ij do_i; dscore_ij = p_ij (do_i v_j - do_i o_i); dq_i += dscore_ij k_j; dk_j += dscore_ij q_i.</remarks>
    public static void Backward(
        ReadOnlySpan<float> dOut, ReadOnlySpan<float> q, ReadOnlySpan<float> k, ReadOnlySpan<float> v, ReadOnlySpan<float> bias, ReadOnlySpan<float> o,
        ReadOnlySpan<float> logSumExp, Span<float> dq, Span<float> dk, Span<float> dv, Span<float> dBias, Span<float> scores,
        in BiasedAttentionShape shape, int keys, int head)
    {
        for (int i = 0; i < shape.Queries; i++)
        {
            Span<float> row = scores[..shape.Seen(i, keys)];
            Scores(q, k, bias, row, shape, i, head);
            ReadOnlySpan<float> up = shape.Head(dOut, i, head), own = shape.Head(q, i, head);
            float lse = logSumExp[i * shape.Heads + head], delta = Rows.Dot(up, shape.Head(o, i, head));
            for (int j = 0; j < row.Length; j++)
            {
                float p = MathF.Exp(row[j] - lse), dScore = p * (Rows.Dot(up, shape.Head(v, j, head)) - delta);
                if (!dv.IsEmpty)
                    Rows.AddScaled(up, p, shape.Head(dv, j, head));
                if (!dq.IsEmpty)
                    Rows.AddScaled(shape.Head(k, j, head), dScore, shape.Head(dq, i, head));
                if (!dk.IsEmpty)
                    Rows.AddScaled(own, dScore, shape.Head(dk, j, head));
                if (!dBias.IsEmpty)
                    dBias[shape.Bucket(i, j) * shape.Heads + head] += dScore;
            }
        }
    }

    static void Scores(ReadOnlySpan<float> q, ReadOnlySpan<float> k, ReadOnlySpan<float> bias, Span<float> row, in BiasedAttentionShape shape, int i, int head)
    {
        ReadOnlySpan<float> own = shape.Head(q, i, head);
        for (int j = 0; j < row.Length; j++)
        {
            row[j] = Rows.Dot(own, shape.Head(k, j, head));
            if (!bias.IsEmpty)
                row[j] += bias[shape.Bucket(i, j) * shape.Heads + head];
        }
    }
}

/// <summary>The sizes of one sequence's attention.</summary>
/// <param name="Queries">Q.</param>
/// <param name="Keys">K.</param>
/// <param name="Heads">H.</param>
/// <param name="HeadSize">D.</param>
/// <param name="IsCausal">Whether query i sees the keys up to i only.</param>
/// <param name="Buckets">The row of the bias for each distance j - i, from 1 - Q to K - 1; empty without one.</param>
readonly record struct BiasedAttentionShape(int Queries, int Keys, int Heads, int HeadSize, bool IsCausal, int[] Buckets)
{
    /// <summary>How many keys query i sees of those that are there.</summary>
    public int Seen(int i, int keys) => IsCausal ? Math.Min(i + 1, keys) : keys;

    public int Bucket(int i, int j) => Buckets[j - i + Queries - 1];

    public ReadOnlySpan<float> Head(ReadOnlySpan<float> x, int row, int head) => x.Slice((row * Heads + head) * HeadSize, HeadSize);

    public Span<float> Head(Span<float> x, int row, int head) => x.Slice((row * Heads + head) * HeadSize, HeadSize);
}
