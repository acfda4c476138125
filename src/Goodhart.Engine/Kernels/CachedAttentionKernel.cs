using System.Numerics.Tensors;
using System.Runtime.Intrinsics;
using Goodhart.Engine.Kernels.Simd;

namespace Goodhart.Engine.Kernels;

/// <summary>One query row of one head over the remembered keys and values of a sequence.</summary>
static unsafe class CachedAttentionKernel
{
    const int Lanes = 8, Together = 4 * Lanes;

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
        int old = Math.Max(0, seen - shape.Window), skipped = old & -Lanes;
        (old, seen) = (old - skipped, seen - skipped);
        fixed (float* pq = q, pk = keys, ps = scores)
            Scores(pq, pk + skipped, ps, q.Length, shape.PaddedTime, seen);
        scores[..old].Fill(float.NegativeInfinity);
        float sum = Exponentials(scores[..((seen + Lanes - 1) & -Lanes)], seen, shape.Scale);
        float* mixed = stackalloc float[Lanes];
        fixed (float* ps = scores, pv = values[(skipped * shape.PaddedHead)..])
        {
            for (int d = 0; d < o.Length; d += Lanes)
            {
                (Mix(ps, pv + d, shape.PaddedHead, seen) * (1 / sum)).Store(mixed);
                new Span<float>(mixed, Math.Min(Lanes, o.Length - d)).CopyTo(o[d..]);
            }
        }
    }

    /// <summary>scores[j] = q k_j. Thirty-two keys at a time: four chains of multiply-adds hide the latency of one.</summary>
    static void Scores(float* q, float* keys, float* scores, int head, int time, int seen)
    {
        int j = 0;
        for (; j <= seen - Together; j += Together)
        {
            Vector256<float> s0 = default, s1 = default, s2 = default, s3 = default;
            float* at = keys + j;
            for (int d = 0; d < head; d++, at += time)
            {
                Vector256<float> x = Vector256.Create(q[d]);
                s0 = Vector256.FusedMultiplyAdd(x, Vector256.Load(at), s0);
                s1 = Vector256.FusedMultiplyAdd(x, Vector256.Load(at + Lanes), s1);
                s2 = Vector256.FusedMultiplyAdd(x, Vector256.Load(at + 2 * Lanes), s2);
                s3 = Vector256.FusedMultiplyAdd(x, Vector256.Load(at + 3 * Lanes), s3);
            }

            s0.Store(scores + j);
            s1.Store(scores + j + Lanes);
            s2.Store(scores + j + 2 * Lanes);
            s3.Store(scores + j + 3 * Lanes);
        }

        for (; j < seen; j += Lanes)
        {
            Vector256<float> sum = default;
            for (int d = 0; d < head; d++)
                sum = Vector256.FusedMultiplyAdd(Vector256.Create(q[d]), Vector256.Load(keys + d * time + j), sum);
            sum.Store(scores + j);
        }
    }

    /// <summary>row[j] becomes exp(scale (row[j] - max)) for j below seen, and 0 from there on.</summary>
    /// <returns>The sum.</returns>
    static float Exponentials(Span<float> row, int seen, float scale)
    {
        row[seen..].Fill(float.NegativeInfinity);
        float max = TensorPrimitives.Max(row[..seen]);
        Vector256<float> factor = Vector256.Create(scale), shift = Vector256.Create(-max * scale), sum = default;
        fixed (float* first = row)
        {
            for (int j = 0; j < row.Length; j += Lanes)
            {
                Vector256<float> e = Exp.Of(Vector256.FusedMultiplyAdd(Vector256.Load(first + j), factor, shift));
                e.Store(first + j);
                sum += e;
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
