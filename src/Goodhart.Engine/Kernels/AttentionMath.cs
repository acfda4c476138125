using System.Runtime.CompilerServices;
using Goodhart.Engine.Kernels.Simd;

namespace Goodhart.Engine.Kernels;

/// <summary>The products inside attention. A block of queries lies across the lanes: [D, lanes]; keys and values are rows, [T, D].</summary>
/// <remarks>Optimised at once, since until then every operation on a vector is a call.</remarks>
static unsafe class AttentionMath<TLanes, V>
    where TLanes : struct, ILanes<V>
    where V : struct
{
    /// <summary>Rows of a broadcast operand taken at once; divides every number of lanes.</summary>
    const int Together = 4;

    /// <summary>Minus infinity for the keys that a query must not see, else 0: what follows <c>lanes - c</c> is for the key c after the first query.</summary>
    static readonly float[] Mask = [.. Enumerable.Repeat(float.NegativeInfinity, TLanes.Count), .. new float[TLanes.Count]];

    /// <summary>The other way round: what follows <c>lanes - r</c> hides a key from lane r on.</summary>
    static readonly float[] OldMask = [.. new float[TLanes.Count], .. Enumerable.Repeat(float.NegativeInfinity, TLanes.Count)];

    /// <summary>sum over d of a[d] b[d], lane by lane.</summary>
    public static V Dots(float* a, float* b, int head)
    {
        V sum = default;
        for (int d = 0; d < head; d++)
            sum = TLanes.MultiplyAdd(TLanes.Load(a + d * TLanes.Count), TLanes.Load(b + d * TLanes.Count), sum);
        return sum;
    }

    /// <summary>scores[j] = q k_j for the keys that the block's last query sees, minus infinity where a query sees less.</summary>
    /// <param name="q">[D, lanes].</param>
    /// <param name="k">[T, D].</param>
    /// <param name="scores">[T, lanes], overwritten.</param>
    /// <param name="head">Padded D.</param>
    /// <param name="first">The block's first query.</param>
    /// <param name="window">Keys that a query sees.</param>
    /// <returns>The largest of each lane.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static V Scores(float* q, float* k, float* scores, int head, int first, int window)
    {
        V max = TLanes.All(float.NegativeInfinity);
        for (int j = 0; j < first + TLanes.Count; j += Together)
        {
            Products(q, k + j * head, head, out V s0, out V s1, out V s2, out V s3);
            if (j >= first)
                Hide(j - first, ref s0, ref s1, ref s2, ref s3);
            if (j < first + TLanes.Count - window)
                HideOld(j - first + window, ref s0, ref s1, ref s2, ref s3);
            max = TLanes.Max(max, TLanes.Max(TLanes.Max(s0, s1), TLanes.Max(s2, s3)));
            Store(scores + j * TLanes.Count, s0, s1, s2, s3);
        }

        return max;
    }

    /// <summary>scores[j] becomes exp(scale (scores[j] - max)).</summary>
    /// <returns>The sum over j.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static V Exponentials(float* scores, V max, float scale, int keys)
    {
        V factor = TLanes.All(scale), shift = TLanes.Multiply(max, TLanes.All(-scale)), sum = default;
        for (float* end = scores + keys * TLanes.Count; scores < end; scores += TLanes.Count)
        {
            V e = TLanes.Exp(TLanes.MultiplyAdd(TLanes.Load(scores), factor, shift));
            TLanes.Store(e, scores);
            sum = TLanes.Add(sum, e);
        }

        return sum;
    }

    /// <summary>o[d] = factor times the sum over j of p[j] v[j, d].</summary>
    /// <param name="p">[T, lanes].</param>
    /// <param name="v">[T, D].</param>
    /// <param name="o">[D, lanes], overwritten.</param>
    /// <param name="head">Padded D.</param>
    /// <param name="keys">How many j.</param>
    /// <param name="factor">Of each lane.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Mix(float* p, float* v, float* o, int head, int keys, V factor)
    {
        for (int d = 0; d < head; d += 8)
        {
            V o0 = default, o1 = default, o2 = default, o3 = default, o4 = default, o5 = default, o6 = default, o7 = default;
            float* row = v + d, weights = p;
            for (int j = 0; j < keys; j++, row += head, weights += TLanes.Count)
            {
                V w = TLanes.Load(weights);
                o0 = TLanes.MultiplyAdd(w, TLanes.All(row[0]), o0);
                o1 = TLanes.MultiplyAdd(w, TLanes.All(row[1]), o1);
                o2 = TLanes.MultiplyAdd(w, TLanes.All(row[2]), o2);
                o3 = TLanes.MultiplyAdd(w, TLanes.All(row[3]), o3);
                o4 = TLanes.MultiplyAdd(w, TLanes.All(row[4]), o4);
                o5 = TLanes.MultiplyAdd(w, TLanes.All(row[5]), o5);
                o6 = TLanes.MultiplyAdd(w, TLanes.All(row[6]), o6);
                o7 = TLanes.MultiplyAdd(w, TLanes.All(row[7]), o7);
            }

            float* to = o + d * TLanes.Count;
            Store(to, TLanes.Multiply(o0, factor), TLanes.Multiply(o1, factor), TLanes.Multiply(o2, factor), TLanes.Multiply(o3, factor));
            Store(to + 4 * TLanes.Count, TLanes.Multiply(o4, factor), TLanes.Multiply(o5, factor), TLanes.Multiply(o6, factor), TLanes.Multiply(o7, factor));
        }
    }

    /// <summary>The probabilities again, p = exp(scale q k_j - lse), and the gradients of the scores, p (dOut v_j - delta) scale.</summary>
    /// <param name="q">[D, lanes].</param>
    /// <param name="dOut">[D, lanes].</param>
    /// <param name="k">[T, D].</param>
    /// <param name="v">[T, D].</param>
    /// <param name="p">[T, lanes], overwritten.</param>
    /// <param name="dScores">[T, lanes], overwritten.</param>
    /// <param name="lse">The log-sum-exp of each query.</param>
    /// <param name="delta">dOut o of each query.</param>
    /// <param name="head">Padded D.</param>
    /// <param name="scale">1 / sqrt(D).</param>
    /// <param name="first">The block's first query.</param>
    /// <param name="window">Keys that a query sees.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void ScoreGradients(
        float* q, float* dOut, float* k, float* v, float* p, float* dScores, V lse, V delta, int head, float scale, int first, int window)
    {
        V factor = TLanes.All(scale), shift = TLanes.Subtract(default, lse);
        for (int j = 0; j < first + TLanes.Count; j += Together)
        {
            Products(q, k + j * head, head, out V s0, out V s1, out V s2, out V s3);
            if (j >= first)
                Hide(j - first, ref s0, ref s1, ref s2, ref s3);
            if (j < first + TLanes.Count - window)
                HideOld(j - first + window, ref s0, ref s1, ref s2, ref s3);
            Products(dOut, v + j * head, head, out V d0, out V d1, out V d2, out V d3);
            s0 = TLanes.Exp(TLanes.MultiplyAdd(s0, factor, shift));
            s1 = TLanes.Exp(TLanes.MultiplyAdd(s1, factor, shift));
            s2 = TLanes.Exp(TLanes.MultiplyAdd(s2, factor, shift));
            s3 = TLanes.Exp(TLanes.MultiplyAdd(s3, factor, shift));
            Store(p + j * TLanes.Count, s0, s1, s2, s3);
            Store(dScores + j * TLanes.Count,
                TLanes.Multiply(TLanes.Multiply(s0, TLanes.Subtract(d0, delta)), factor),
                TLanes.Multiply(TLanes.Multiply(s1, TLanes.Subtract(d1, delta)), factor),
                TLanes.Multiply(TLanes.Multiply(s2, TLanes.Subtract(d2, delta)), factor),
                TLanes.Multiply(TLanes.Multiply(s3, TLanes.Subtract(d3, delta)), factor));
        }
    }

    /// <summary>dv[j] += sum over the block's queries r of p[j, r] dOut[r], and dk[j] += sum of dScores[j, r] q[r]; here the lanes lie along the head.</summary>
    /// <param name="p">[T, queries].</param>
    /// <param name="dOut">[queries, D].</param>
    /// <param name="dv">[T, D], added to.</param>
    /// <param name="dScores">[T, queries].</param>
    /// <param name="q">[queries, D].</param>
    /// <param name="dk">[T, D], added to.</param>
    /// <param name="head">Padded D.</param>
    /// <param name="keys">How many j.</param>
    /// <param name="queries">In the block.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Spread(float* p, float* dOut, float* dv, float* dScores, float* q, float* dk, int head, int keys, int queries)
    {
        for (int j = 0; j < keys; j += Together)
        {
            float* p0 = p + j * queries, p1 = p0 + queries, p2 = p1 + queries, p3 = p2 + queries;
            float* s0 = dScores + j * queries, s1 = s0 + queries, s2 = s1 + queries, s3 = s2 + queries;
            for (int d = 0; d < head; d += TLanes.Count)
            {
                float* toV = dv + j * head + d, toK = dk + j * head + d;
                V v0 = TLanes.Load(toV), v1 = TLanes.Load(toV + head), v2 = TLanes.Load(toV + 2 * head), v3 = TLanes.Load(toV + 3 * head);
                V k0 = TLanes.Load(toK), k1 = TLanes.Load(toK + head), k2 = TLanes.Load(toK + 2 * head), k3 = TLanes.Load(toK + 3 * head);
                for (int r = 0; r < queries; r++)
                {
                    V x = TLanes.Load(dOut + r * head + d), y = TLanes.Load(q + r * head + d);
                    v0 = TLanes.MultiplyAdd(TLanes.All(p0[r]), x, v0);
                    v1 = TLanes.MultiplyAdd(TLanes.All(p1[r]), x, v1);
                    v2 = TLanes.MultiplyAdd(TLanes.All(p2[r]), x, v2);
                    v3 = TLanes.MultiplyAdd(TLanes.All(p3[r]), x, v3);
                    k0 = TLanes.MultiplyAdd(TLanes.All(s0[r]), y, k0);
                    k1 = TLanes.MultiplyAdd(TLanes.All(s1[r]), y, k1);
                    k2 = TLanes.MultiplyAdd(TLanes.All(s2[r]), y, k2);
                    k3 = TLanes.MultiplyAdd(TLanes.All(s3[r]), y, k3);
                }

                StoreRows(toV, head, v0, v1, v2, v3);
                StoreRows(toK, head, k0, k1, k2, k3);
            }
        }
    }

    /// <summary>The dot products of every lane with four rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Products(float* lanes, float* rows, int head, out V s0, out V s1, out V s2, out V s3)
    {
        V a = default, b = default, c = default, e = default;
        float* row1 = rows + head, row2 = row1 + head, row3 = row2 + head;
        for (int d = 0; d < head; d++)
        {
            V x = TLanes.Load(lanes + d * TLanes.Count);
            a = TLanes.MultiplyAdd(TLanes.All(rows[d]), x, a);
            b = TLanes.MultiplyAdd(TLanes.All(row1[d]), x, b);
            c = TLanes.MultiplyAdd(TLanes.All(row2[d]), x, c);
            e = TLanes.MultiplyAdd(TLanes.All(row3[d]), x, e);
        }

        (s0, s1, s2, s3) = (a, b, c, e);
    }

    /// <summary>Hides four keys, the first of which is <paramref name="after"/> the block's first query, from the queries before them.</summary>
    static void Hide(int after, ref V s0, ref V s1, ref V s2, ref V s3)
    {
        fixed (float* end = &Mask[TLanes.Count - after])
        {
            s0 = TLanes.Add(s0, TLanes.Load(end));
            s1 = TLanes.Add(s1, TLanes.Load(end - 1));
            s2 = TLanes.Add(s2, TLanes.Load(end - 2));
            s3 = TLanes.Add(s3, TLanes.Load(end - 3));
        }
    }

    /// <summary>Hides four keys from the queries that come a window later: the first key from lane <paramref name="lane"/> on.</summary>
    static void HideOld(int lane, ref V s0, ref V s1, ref V s2, ref V s3)
    {
        s0 = TLanes.Add(s0, Old(lane));
        s1 = TLanes.Add(s1, Old(lane + 1));
        s2 = TLanes.Add(s2, Old(lane + 2));
        s3 = TLanes.Add(s3, Old(lane + 3));
    }

    static V Old(int lane)
    {
        fixed (float* hidden = &OldMask[TLanes.Count - Math.Clamp(lane, 0, TLanes.Count)])
            return TLanes.Load(hidden);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Store(float* to, V a, V b, V c, V d) => StoreRows(to, TLanes.Count, a, b, c, d);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void StoreRows(float* to, int stride, V a, V b, V c, V d)
    {
        TLanes.Store(a, to);
        TLanes.Store(b, to + stride);
        TLanes.Store(c, to + 2 * stride);
        TLanes.Store(d, to + 3 * stride);
    }
}
