using System.Numerics.Tensors;
using System.Runtime.Intrinsics;
using Goodhart.Engine.Kernels.Simd;

namespace Goodhart.Engine.Kernels;

/// <summary>One query row of one head over the remembered keys and values of a sequence.</summary>
/// <remarks>Keys lie across the lanes for the scores and exponentials; for the mixture of values, eight columns of the head do.</remarks>
static unsafe class CachedAttentionKernel
{
    const int Columns = 8;

    /// <param name="q">[D].</param>
    /// <param name="keys">[padded D, padded T].</param>
    /// <param name="values">[T, padded D].</param>
    /// <param name="o">[D], overwritten.</param>
    /// <param name="scores">Scratch, padded T.</param>
    /// <param name="shape">D, T and the window.</param>
    /// <param name="seen">Keys remembered.</param>
    public static void Forward(
        ReadOnlySpan<float> q, ReadOnlySpan<float> keys, ReadOnlySpan<float> values, Span<float> o, Span<float> scores, in AttentionShape shape, int seen)
    {
        if (Vector512.IsHardwareAccelerated)
            Forward<Lanes512, Vector512<float>>(q, keys, values, o, scores, shape, seen);
        else
            Forward<Lanes256, Vector256<float>>(q, keys, values, o, scores, shape, seen);
    }

    static void Forward<TLanes, V>(
        ReadOnlySpan<float> q, ReadOnlySpan<float> keys, ReadOnlySpan<float> values, Span<float> o, Span<float> scores, in AttentionShape shape, int seen)
        where TLanes : struct, ILanes<V>
        where V : struct
    {
        int old = Math.Max(0, seen - shape.Window), skipped = old & -TLanes.Count;
        (old, seen) = (old - skipped, seen - skipped);
        fixed (float* pq = q, pk = keys, ps = scores)
            Scores<TLanes, V>(pq, pk + skipped, ps, q.Length, shape.PaddedTime, seen);
        scores[..old].Fill(float.NegativeInfinity);
        float sum = Exponentials<TLanes, V>(scores[..((seen + TLanes.Count - 1) & -TLanes.Count)], seen, shape.Scale);
        float* mixed = stackalloc float[Columns];
        fixed (float* ps = scores, pv = values[(skipped * shape.PaddedHead)..])
        {
            for (int d = 0; d < o.Length; d += Columns)
            {
                (Mix(ps, pv + d, shape.PaddedHead, seen) * (1 / sum)).Store(mixed);
                new Span<float>(mixed, Math.Min(Columns, o.Length - d)).CopyTo(o[d..]);
            }
        }
    }

    /// <summary>scores[j] = q k_j. Four vectors of keys at a time: four chains of multiply-adds hide the latency of one.</summary>
    static void Scores<TLanes, V>(float* q, float* keys, float* scores, int head, int time, int seen)
        where TLanes : struct, ILanes<V>
        where V : struct
    {
        int j = 0;
        for (; j <= seen - 4 * TLanes.Count; j += 4 * TLanes.Count)
        {
            V s0 = default, s1 = default, s2 = default, s3 = default;
            float* at = keys + j;
            for (int d = 0; d < head; d++, at += time)
            {
                V x = TLanes.All(q[d]);
                s0 = TLanes.MultiplyAdd(x, TLanes.Load(at), s0);
                s1 = TLanes.MultiplyAdd(x, TLanes.Load(at + TLanes.Count), s1);
                s2 = TLanes.MultiplyAdd(x, TLanes.Load(at + 2 * TLanes.Count), s2);
                s3 = TLanes.MultiplyAdd(x, TLanes.Load(at + 3 * TLanes.Count), s3);
            }

            TLanes.Store(s0, scores + j);
            TLanes.Store(s1, scores + j + TLanes.Count);
            TLanes.Store(s2, scores + j + 2 * TLanes.Count);
            TLanes.Store(s3, scores + j + 3 * TLanes.Count);
        }

        for (; j < seen; j += TLanes.Count)
        {
            V sum = default;
            for (int d = 0; d < head; d++)
                sum = TLanes.MultiplyAdd(TLanes.All(q[d]), TLanes.Load(keys + d * time + j), sum);
            TLanes.Store(sum, scores + j);
        }
    }

    /// <summary>row[j] becomes exp(scale (row[j] - max)) for j below seen, and 0 from there on.</summary>
    /// <returns>The sum.</returns>
    static float Exponentials<TLanes, V>(Span<float> row, int seen, float scale)
        where TLanes : struct, ILanes<V>
        where V : struct
    {
        row[seen..].Fill(float.NegativeInfinity);
        float max = TensorPrimitives.Max(row[..seen]);
        V factor = TLanes.All(scale), shift = TLanes.All(-max * scale);
        Vector256<float> sum = default;
        fixed (float* first = row)
        {
            for (int j = 0; j < row.Length; j += TLanes.Count)
            {
                V e = TLanes.Exp(TLanes.MultiplyAdd(TLanes.Load(first + j), factor, shift));
                TLanes.Store(e, first + j);
                sum = TLanes.AddEights(sum, e);
            }
        }

        return Vector256.Sum(sum);
    }

    /// <summary>The sum over j of p[j] values[j], for eight columns; four chains again.</summary>
    static Vector256<float> Mix(float* p, float* values, int head, int seen)
    {
        Vector256<float> o0 = default, o1 = default, o2 = default, o3 = default;
        int j = 0;
        for (; j <= seen - 4; j += 4, values += 4 * head)
        {
            o0 = Vector256.FusedMultiplyAdd(Vector256.Create(p[j]), Vector256.Load(values), o0);
            o1 = Vector256.FusedMultiplyAdd(Vector256.Create(p[j + 1]), Vector256.Load(values + head), o1);
            o2 = Vector256.FusedMultiplyAdd(Vector256.Create(p[j + 2]), Vector256.Load(values + 2 * head), o2);
            o3 = Vector256.FusedMultiplyAdd(Vector256.Create(p[j + 3]), Vector256.Load(values + 3 * head), o3);
        }

        for (; j < seen; j++, values += head)
            o0 = Vector256.FusedMultiplyAdd(Vector256.Create(p[j]), Vector256.Load(values), o0);
        return o0 + o1 + (o2 + o3);
    }
}
