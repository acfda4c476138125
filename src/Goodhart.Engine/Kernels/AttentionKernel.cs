using Goodhart.Engine.Kernels.Simd;

namespace Goodhart.Engine.Kernels;

/// <summary>o_i = sum over j &lt;= i of softmax_j(q_i k_j / sqrt(D)) v_j, for one sequence and one key/value head.</summary>
/// <remarks>
/// Four query rows at a time against keys laid out [D, T], so that scores are vectors over j; only the log-sum-exp of each row
/// is kept for the backward pass, which computes the probabilities again (as in Dao et al. 2022). No [T, T] matrix exists.
/// </remarks>
static class AttentionKernel
{
    const int Block = 4;

    /// <summary>Floats of scratch that <see cref="Forward"/> needs.</summary>
    public static int ForwardScratch(in AttentionShape s) => s.PaddedHead * s.PaddedTime + s.Time * s.PaddedHead + Block * (s.PaddedTime + 2 * s.PaddedHead);

    /// <summary>Floats of scratch that <see cref="Backward"/> needs.</summary>
    public static int BackwardScratch(in AttentionShape s) =>
        2 * s.PaddedHead * s.PaddedTime + 4 * s.Time * s.PaddedHead + Block * (2 * s.PaddedTime + 3 * s.PaddedHead);

    /// <param name="q">[T, H D]; the query heads that share the key/value head are read.</param>
    /// <param name="k">[T, K D].</param>
    /// <param name="v">[T, K D].</param>
    /// <param name="o">[T, H D], the same heads overwritten.</param>
    /// <param name="logSumExp">[T, H], the same heads overwritten.</param>
    /// <param name="scratch">At least <see cref="ForwardScratch"/> floats.</param>
    /// <param name="shape">T, H, K and D.</param>
    /// <param name="keyHead">Which key/value head; all query heads that share it are computed.</param>
    public static void Forward(
        ReadOnlySpan<float> q, ReadOnlySpan<float> k, ReadOnlySpan<float> v, Span<float> o, Span<float> logSumExp,
        Span<float> scratch, in AttentionShape shape, int keyHead)
    {
        AttentionShape s = shape;
        Scratch rest = new(scratch);
        Span<float> kt = rest.Take(s.PaddedHead * s.PaddedTime), vRows = rest.Take(s.Time * s.PaddedHead);
        Span<float> scores = rest.Take(Block * s.PaddedTime), qBlock = rest.Take(Block * s.PaddedHead), oBlock = rest.Take(Block * s.PaddedHead);
        AttentionLayout.Transposed(k, kt, s, keyHead);
        AttentionLayout.Padded(v, vRows, s, keyHead);

        for (int head = keyHead * s.Group; head < (keyHead + 1) * s.Group; head++)
        {
            for (int first = 0; first < s.Time; first += Block)
            {
                int rows = Math.Min(Block, s.Time - first), keys = first + rows;
                AttentionLayout.Gather(q, qBlock, s, head, first, rows);
                AttentionMath.Products(qBlock, kt, scores, s.PaddedHead, s.PaddedTime, keys);
                for (int r = 0; r < rows; r++)
                {
                    Span<float> row = scores.Slice(r * s.PaddedTime, AttentionShape.Pad(keys));
                    logSumExp[(first + r) * s.Heads + head] = AttentionMath.Softmax(row, first + r + 1, s.Scale);
                }

                AttentionMath.Mix(scores, vRows, oBlock, s.PaddedHead, s.PaddedTime, keys);
                AttentionLayout.Scatter(oBlock, o, s, head, first, rows, add: false);
            }
        }
    }

    /// <summary>Adds to dq, dk and dv.</summary>
    /// <remarks>
    /// p = exp(score - logSumExp); dv_j += p_ij do_i; dp_ij = do_i v_j; dscore_ij = p_ij (dp_ij - do_i o_i) / sqrt(D);
    /// dq_i += dscore_ij k_j; dk_j += dscore_ij q_i.
    /// </remarks>
    /// <param name="dOut">[T, H D].</param>
    /// <param name="q">[T, H D].</param>
    /// <param name="k">[T, K D].</param>
    /// <param name="v">[T, K D].</param>
    /// <param name="o">[T, H D].</param>
    /// <param name="logSumExp">[T, H].</param>
    /// <param name="dq">[T, H D], added to; may be empty.</param>
    /// <param name="dk">[T, K D], added to; may be empty.</param>
    /// <param name="dv">[T, K D], added to; may be empty.</param>
    /// <param name="scratch">At least <see cref="BackwardScratch"/> floats.</param>
    /// <param name="shape">T, H, K and D.</param>
    /// <param name="keyHead">Which key/value head.</param>
    public static void Backward(
        ReadOnlySpan<float> dOut, ReadOnlySpan<float> q, ReadOnlySpan<float> k, ReadOnlySpan<float> v, ReadOnlySpan<float> o,
        ReadOnlySpan<float> logSumExp, Span<float> dq, Span<float> dk, Span<float> dv, Span<float> scratch, in AttentionShape shape, int keyHead)
    {
        AttentionShape s = shape;
        Scratch rest = new(scratch);
        Span<float> kt = rest.Take(s.PaddedHead * s.PaddedTime), vt = rest.Take(s.PaddedHead * s.PaddedTime);
        Span<float> kRows = rest.Take(s.Time * s.PaddedHead), dkRows = rest.Take(s.Time * s.PaddedHead), dvRows = rest.Take(s.Time * s.PaddedHead);
        Span<float> p = rest.Take(Block * s.PaddedTime), dp = rest.Take(Block * s.PaddedTime);
        Span<float> qBlock = rest.Take(Block * s.PaddedHead), dOutBlock = rest.Take(Block * s.PaddedHead), dqBlock = rest.Take(Block * s.PaddedHead);
        AttentionLayout.Transposed(k, kt, s, keyHead);
        AttentionLayout.Transposed(v, vt, s, keyHead);
        AttentionLayout.Padded(k, kRows, s, keyHead);
        dkRows.Clear();
        dvRows.Clear();

        for (int head = keyHead * s.Group; head < (keyHead + 1) * s.Group; head++)
        {
            for (int first = 0; first < s.Time; first += Block)
            {
                int rows = Math.Min(Block, s.Time - first), keys = first + rows;
                AttentionLayout.Gather(q, qBlock, s, head, first, rows);
                AttentionLayout.Gather(dOut, dOutBlock, s, head, first, rows);
                AttentionMath.Products(qBlock, kt, p, s.PaddedHead, s.PaddedTime, keys);
                AttentionMath.Products(dOutBlock, vt, dp, s.PaddedHead, s.PaddedTime, keys);
                for (int r = 0; r < Block; r++)
                {
                    Span<float> row = p.Slice(r * s.PaddedTime, AttentionShape.Pad(keys)), dRow = dp.Slice(r * s.PaddedTime, row.Length);
                    if (r >= rows)
                    {
                        row.Clear();
                        dRow.Clear();
                        continue;
                    }

                    AttentionMath.Probabilities(row, first + r + 1, s.Scale, logSumExp[(first + r) * s.Heads + head]);
                    float delta = Rows.Dot(dOutBlock.Slice(r * s.PaddedHead, s.HeadSize), o.Slice(((first + r) * s.Heads + head) * s.HeadSize, s.HeadSize));
                    AttentionMath.ScoreGradients(row, dRow, delta, s.Scale);
                }

                AttentionMath.Spread(p, dOutBlock, dvRows, s.PaddedHead, s.PaddedTime, keys);
                AttentionMath.Spread(dp, qBlock, dkRows, s.PaddedHead, s.PaddedTime, keys);
                if (!dq.IsEmpty)
                {
                    AttentionMath.Mix(dp, kRows, dqBlock, s.PaddedHead, s.PaddedTime, keys);
                    AttentionLayout.Scatter(dqBlock, dq, s, head, first, rows, add: true);
                }
            }
        }

        AttentionLayout.AddPadded(dkRows, dk, s, keyHead);
        AttentionLayout.AddPadded(dvRows, dv, s, keyHead);
    }

    /// <summary>Cuts one block of scratch into named pieces.</summary>
    ref struct Scratch(Span<float> all)
    {
        Span<float> _rest = all;

        public Span<float> Take(int length)
        {
            Span<float> taken = _rest[..length];
            _rest = _rest[length..];
            return taken;
        }
    }
}

/// <summary>The sizes of one sequence's attention.</summary>
/// <param name="Time">T.</param>
/// <param name="Heads">H, query heads.</param>
/// <param name="KeyHeads">K, key/value heads; divides H.</param>
/// <param name="HeadSize">D.</param>
readonly record struct AttentionShape(int Time, int Heads, int KeyHeads, int HeadSize)
{
    /// <summary>Query heads that share a key/value head.</summary>
    public int Group => Heads / KeyHeads;

    /// <summary>1 / sqrt(D).</summary>
    public float Scale => 1 / MathF.Sqrt(HeadSize);

    public int PaddedTime => Pad(Time);

    public int PaddedHead => Pad(HeadSize);

    /// <summary>The next multiple of eight lanes.</summary>
    public static int Pad(int n) => (n + 7) & -8;
}
