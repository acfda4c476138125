using System.Runtime.Intrinsics;
using Goodhart.Engine.Kernels.Simd;

namespace Goodhart.Engine.Kernels;

/// <summary>o_i = sum over i - W &lt; j &lt;= i of softmax_j(q_i k_j / sqrt(D)) v_j, for one sequence and one key/value head.</summary>
/// <remarks>
/// A block of query rows lies across the lanes of a vector, so nothing is ever summed across lanes: scores, exponentials and sums are
/// whole vectors, and a key or a value is broadcast. Only the log-sum-exp of each row is kept for the backward pass, which computes
/// the probabilities again (as in Dao et al. 2022). No [T, T] matrix exists; scratch is [T, lanes]. A row's result does not depend on T.
/// </remarks>
static unsafe class AttentionKernel
{
    /// <summary>Floats of scratch that <see cref="Forward"/> needs.</summary>
    public static int ForwardScratch(in AttentionShape s) => (s.PaddedTime * (2 * s.PaddedHead + Lanes)) + (2 * Lanes * s.PaddedHead);

    /// <summary>Floats of scratch that <see cref="Backward"/> needs.</summary>
    public static int BackwardScratch(in AttentionShape s) => (s.PaddedTime * (4 * s.PaddedHead + 2 * Lanes)) + (6 * Lanes * s.PaddedHead);

    static int Lanes => Vector512.IsHardwareAccelerated ? Lanes512.Count : Lanes256.Count;

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
        if (Vector512.IsHardwareAccelerated)
            Forward<Lanes512, Vector512<float>>(q, k, v, o, logSumExp, scratch, shape, keyHead);
        else
            Forward<Lanes256, Vector256<float>>(q, k, v, o, logSumExp, scratch, shape, keyHead);
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
        if (Vector512.IsHardwareAccelerated)
            Backward<Lanes512, Vector512<float>>(dOut, q, k, v, o, logSumExp, dq, dk, dv, scratch, shape, keyHead);
        else
            Backward<Lanes256, Vector256<float>>(dOut, q, k, v, o, logSumExp, dq, dk, dv, scratch, shape, keyHead);
    }

    static void Forward<TLanes, V>(
        ReadOnlySpan<float> q, ReadOnlySpan<float> k, ReadOnlySpan<float> v, Span<float> o, Span<float> logSumExp,
        Span<float> scratch, in AttentionShape shape, int keyHead)
        where TLanes : struct, ILanes<V>
        where V : struct
    {
        AttentionShape s = shape;
        Scratch rest = new(scratch);
        Span<float> kRows = rest.Take(s.PaddedTime * s.PaddedHead), vRows = rest.Take(s.PaddedTime * s.PaddedHead);
        Span<float> qLanes = rest.Take(TLanes.Count * s.PaddedHead), oLanes = rest.Take(TLanes.Count * s.PaddedHead);
        Span<float> scores = rest.Take(s.PaddedTime * TLanes.Count), lse = stackalloc float[TLanes.Count];
        fixed (float* inQ = q, inK = k, inV = v, outO = o)
        fixed (float* pk = kRows, pv = vRows, pq = qLanes, po = oLanes, ps = scores, pl = lse)
        {
            AttentionLayout.Rows(inK, pk, s, keyHead);
            AttentionLayout.Rows(inV, pv, s, keyHead);
            for (int head = keyHead * s.Group; head < (keyHead + 1) * s.Group; head++)
            {
                for (int first = 0; first < s.Time; first += TLanes.Count)
                {
                    int skipped = s.Skipped(first), before = first - skipped, keys = before + TLanes.Count;
                    AttentionLayout.ToLanes(inQ, pq, s, head, first, TLanes.Count);
                    V max = AttentionMath<TLanes, V>.Scores(pq, pk + skipped * s.PaddedHead, ps, s.PaddedHead, before, s.Window);
                    V sum = AttentionMath<TLanes, V>.Exponentials(ps, max, s.Scale, keys);
                    AttentionMath<TLanes, V>.Mix(ps, pv + skipped * s.PaddedHead, po, s.PaddedHead, keys, TLanes.Divide(TLanes.All(1), sum));
                    TLanes.Store(TLanes.MultiplyAdd(max, TLanes.All(s.Scale), TLanes.Log(sum)), pl);
                    AttentionLayout.FromLanes(po, outO, s, head, first, TLanes.Count, add: false);
                    for (int r = 0; r < TLanes.Count && first + r < s.Time; r++)
                        logSumExp[(first + r) * s.Heads + head] = lse[r];
                }
            }
        }
    }

    static void Backward<TLanes, V>(
        ReadOnlySpan<float> dOut, ReadOnlySpan<float> q, ReadOnlySpan<float> k, ReadOnlySpan<float> v, ReadOnlySpan<float> o,
        ReadOnlySpan<float> logSumExp, Span<float> dq, Span<float> dk, Span<float> dv, Span<float> scratch, in AttentionShape shape, int keyHead)
        where TLanes : struct, ILanes<V>
        where V : struct
    {
        AttentionShape s = shape;
        int block = TLanes.Count * s.PaddedHead;
        Scratch rest = new(scratch);
        Span<float> kRows = rest.Take(s.PaddedTime * s.PaddedHead), vRows = rest.Take(s.PaddedTime * s.PaddedHead);
        Span<float> dkRows = rest.Take(s.PaddedTime * s.PaddedHead), dvRows = rest.Take(s.PaddedTime * s.PaddedHead);
        Span<float> p = rest.Take(s.PaddedTime * TLanes.Count), dScores = rest.Take(s.PaddedTime * TLanes.Count);
        Span<float> qLanes = rest.Take(block), dOutLanes = rest.Take(block), lanes = rest.Take(block);
        Span<float> qRows = rest.Take(block), dOutRows = rest.Take(block), lse = stackalloc float[TLanes.Count];
        dkRows.Clear();
        dvRows.Clear();

        fixed (float* inDOut = dOut, inQ = q, inK = k, inV = v, inO = o, outDq = dq)
        fixed (float* pk = kRows, pv = vRows, pdk = dkRows, pdv = dvRows, pp = p, pds = dScores)
        fixed (float* pq = qLanes, pdo = dOutLanes, pLanes = lanes, pqRows = qRows, pdoRows = dOutRows, pl = lse)
        {
            AttentionLayout.Rows(inK, pk, s, keyHead);
            AttentionLayout.Rows(inV, pv, s, keyHead);
            for (int head = keyHead * s.Group; head < (keyHead + 1) * s.Group; head++)
            {
                for (int first = 0; first < s.Time; first += TLanes.Count)
                {
                    int skipped = s.Skipped(first), before = first - skipped, keys = before + TLanes.Count, from = skipped * s.PaddedHead;
                    AttentionLayout.ToLanes(inQ, pq, s, head, first, TLanes.Count);
                    AttentionLayout.ToLanes(inDOut, pdo, s, head, first, TLanes.Count);
                    AttentionLayout.ToLanes(inO, pLanes, s, head, first, TLanes.Count);
                    AttentionLayout.BlockRows(inQ, pqRows, s, head, first, TLanes.Count);
                    AttentionLayout.BlockRows(inDOut, pdoRows, s, head, first, TLanes.Count);
                    for (int r = 0; r < TLanes.Count; r++)
                        lse[r] = first + r < s.Time ? logSumExp[(first + r) * s.Heads + head] : 0;

                    V delta = AttentionMath<TLanes, V>.Dots(pdo, pLanes, s.PaddedHead);
                    AttentionMath<TLanes, V>.ScoreGradients(
                        pq, pdo, pk + from, pv + from, pp, pds, TLanes.Load(pl), delta, s.PaddedHead, s.Scale, before, s.Window);
                    Spread(pp, pdoRows, pdv + from, pds, pqRows, pdk + from, s.PaddedHead, keys, TLanes.Count);
                    if (!dq.IsEmpty)
                    {
                        AttentionMath<TLanes, V>.Mix(pds, pk + from, pLanes, s.PaddedHead, keys, TLanes.All(1));
                        AttentionLayout.FromLanes(pLanes, outDq, s, head, first, TLanes.Count, add: true);
                    }
                }
            }

            AttentionLayout.AddRows(pdk, dk, s, keyHead);
            AttentionLayout.AddRows(pdv, dv, s, keyHead);
        }
    }

    // Here the lanes lie along the head, which may be too narrow for the widest vectors.
    static void Spread(float* p, float* dOut, float* dv, float* dScores, float* q, float* dk, int head, int keys, int queries)
    {
        if (Vector512.IsHardwareAccelerated && head % Lanes512.Count == 0)
            AttentionMath<Lanes512, Vector512<float>>.Spread(p, dOut, dv, dScores, q, dk, head, keys, queries);
        else
            AttentionMath<Lanes256, Vector256<float>>.Spread(p, dOut, dv, dScores, q, dk, head, keys, queries);
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

    /// <summary>W, how many keys a query sees, its own among them. Default all before it.</summary>
    public int Window { get; init; } = int.MaxValue;

    /// <summary>The keys, a multiple of four, that no query from <paramref name="first"/> on sees.</summary>
    public int Skipped(int first) => Math.Max(0, first - (Window - 1)) & -4;

    /// <summary>T up to the next multiple of the widest vector's sixteen lanes.</summary>
    public int PaddedTime => (Time + 15) & -16;

    /// <summary>D up to the next multiple of eight.</summary>
    public int PaddedHead => (HeadSize + 7) & -8;
}
