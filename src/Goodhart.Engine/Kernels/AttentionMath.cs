using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Goodhart.Engine.Kernels.Simd;

namespace Goodhart.Engine.Kernels;

/// <summary>The small products inside attention, four query rows at a time, on padded layouts.</summary>
static unsafe class AttentionMath
{
    const int Lanes = 8;

    /// <summary>scores[r, j] = sum over d of a[r, d] bt[d, j], for j below keys.</summary>
    /// <param name="a">[4, padded D].</param>
    /// <param name="bt">[padded D, padded T].</param>
    /// <param name="scores">[4, padded T], overwritten up to keys rounded up to a multiple of 8.</param>
    /// <param name="head">Padded D.</param>
    /// <param name="time">Padded T.</param>
    /// <param name="keys">How many j are wanted.</param>
    public static void Products(ReadOnlySpan<float> a, ReadOnlySpan<float> bt, Span<float> scores, int head, int time, int keys)
    {
        if (!Vector256.IsHardwareAccelerated)
        {
            for (int r = 0; r < 4; r++)
            {
                for (int j = 0; j < keys; j++)
                {
                    float sum = 0;
                    for (int d = 0; d < head; d++)
                        sum += a[r * head + d] * bt[d * time + j];
                    scores[r * time + j] = sum;
                }
            }

            return;
        }

        fixed (float* pa = a, pb = bt, ps = scores)
        {
            for (int j = 0; j < keys; j += Lanes)
            {
                Vector256<float> s0 = default, s1 = default, s2 = default, s3 = default;
                float* b = pb + j;
                for (int d = 0; d < head; d++, b += time)
                {
                    Vector256<float> column = Vector256.Load(b);
                    s0 = Vector256.FusedMultiplyAdd(Vector256.Create(pa[d]), column, s0);
                    s1 = Vector256.FusedMultiplyAdd(Vector256.Create(pa[head + d]), column, s1);
                    s2 = Vector256.FusedMultiplyAdd(Vector256.Create(pa[2 * head + d]), column, s2);
                    s3 = Vector256.FusedMultiplyAdd(Vector256.Create(pa[3 * head + d]), column, s3);
                }

                s0.Store(ps + j);
                s1.Store(ps + time + j);
                s2.Store(ps + 2 * time + j);
                s3.Store(ps + 3 * time + j);
            }
        }
    }

    /// <summary>o[r, d] = sum over j below keys of p[r, j] v[j, d].</summary>
    /// <param name="p">[4, padded T].</param>
    /// <param name="v">[T, padded D].</param>
    /// <param name="o">[4, padded D], overwritten.</param>
    /// <param name="head">Padded D.</param>
    /// <param name="time">Padded T.</param>
    /// <param name="keys">How many j are summed.</param>
    public static void Mix(ReadOnlySpan<float> p, ReadOnlySpan<float> v, Span<float> o, int head, int time, int keys)
    {
        if (!Vector256.IsHardwareAccelerated)
        {
            o.Clear();
            for (int r = 0; r < 4; r++)
            {
                for (int j = 0; j < keys; j++)
                    Rows.AddScaled(v.Slice(j * head, head), p[r * time + j], o.Slice(r * head, head));
            }

            return;
        }

        fixed (float* p0 = p, pv = v, po = o)
        {
            float* p1 = p0 + time, p2 = p1 + time, p3 = p2 + time;
            for (int d = 0; d < head; d += Lanes)
            {
                Vector256<float> o0 = default, o1 = default, o2 = default, o3 = default;
                float* at = pv + d;
                for (int j = 0; j < keys; j++, at += head)
                {
                    Vector256<float> row = Vector256.Load(at);
                    o0 = Vector256.FusedMultiplyAdd(Vector256.Create(p0[j]), row, o0);
                    o1 = Vector256.FusedMultiplyAdd(Vector256.Create(p1[j]), row, o1);
                    o2 = Vector256.FusedMultiplyAdd(Vector256.Create(p2[j]), row, o2);
                    o3 = Vector256.FusedMultiplyAdd(Vector256.Create(p3[j]), row, o3);
                }

                o0.Store(po + d);
                o1.Store(po + head + d);
                o2.Store(po + 2 * head + d);
                o3.Store(po + 3 * head + d);
            }
        }
    }

    /// <summary>dv[j, d] += sum over the four r of p[r, j] x[r, d], for j below keys.</summary>
    /// <param name="p">[4, padded T].</param>
    /// <param name="x">[4, padded D].</param>
    /// <param name="dv">[T, padded D], added to.</param>
    /// <param name="head">Padded D.</param>
    /// <param name="time">Padded T.</param>
    /// <param name="keys">How many j are visited.</param>
    public static void Spread(ReadOnlySpan<float> p, ReadOnlySpan<float> x, Span<float> dv, int head, int time, int keys)
    {
        if (!Vector256.IsHardwareAccelerated)
        {
            for (int r = 0; r < 4; r++)
            {
                for (int j = 0; j < keys; j++)
                    Rows.AddScaled(x.Slice(r * head, head), p[r * time + j], dv.Slice(j * head, head));
            }

            return;
        }

        fixed (float* p0 = p, px = x, pd = dv)
        {
            float* p1 = p0 + time, p2 = p1 + time, p3 = p2 + time;
            for (int d = 0; d < head; d += Lanes)
            {
                Vector256<float> x0 = Vector256.Load(px + d), x1 = Vector256.Load(px + head + d);
                Vector256<float> x2 = Vector256.Load(px + 2 * head + d), x3 = Vector256.Load(px + 3 * head + d);
                float* at = pd + d;
                for (int j = 0; j < keys; j++, at += head)
                {
                    Vector256<float> sum = Vector256.Load(at);
                    sum = Vector256.FusedMultiplyAdd(Vector256.Create(p0[j]), x0, sum);
                    sum = Vector256.FusedMultiplyAdd(Vector256.Create(p1[j]), x1, sum);
                    sum = Vector256.FusedMultiplyAdd(Vector256.Create(p2[j]), x2, sum);
                    Vector256.FusedMultiplyAdd(Vector256.Create(p3[j]), x3, sum).Store(at);
                }
            }
        }
    }

    /// <summary>Turns scores into probabilities: softmax of scale row[j] for j below seen, and 0 from there on.</summary>
    /// <param name="row">A multiple of eight scores.</param>
    /// <param name="seen">How many of them count.</param>
    /// <param name="scale">1 / sqrt(D).</param>
    /// <returns>The log-sum-exp.</returns>
    public static float Softmax(Span<float> row, int seen, float scale)
    {
        row[seen..].Fill(float.NegativeInfinity);
        float max = Rows.Max(row) * scale, sum = 0;
        int j = 0;
        if (Vector256.IsHardwareAccelerated)
        {
            ref float p = ref MemoryMarshal.GetReference(row);
            Vector256<float> s = Vector256.Create(scale), m = Vector256.Create(-max), lanes = default;
            for (; j < row.Length; j += Lanes)
            {
                Vector256<float> e = Exp.Of(Vector256.FusedMultiplyAdd(Vector256.LoadUnsafe(ref p, (nuint)j), s, m));
                e.StoreUnsafe(ref p, (nuint)j);
                lanes += e;
            }

            sum = Vector256.Sum(lanes);
        }

        for (; j < row.Length; j++)
        {
            row[j] = Exp.Of(MathF.FusedMultiplyAdd(row[j], scale, -max));
            sum += row[j];
        }

        TensorPrimitives.Multiply(row, 1 / sum, row);
        return max + MathF.Log(sum);
    }

    /// <summary>row[j] = exp(scale row[j] - logSumExp) for j below seen, and 0 from there on.</summary>
    /// <param name="row">A multiple of eight scores.</param>
    /// <param name="seen">How many of them count.</param>
    /// <param name="scale">1 / sqrt(D).</param>
    /// <param name="logSumExp">Of the forward pass.</param>
    public static void Probabilities(Span<float> row, int seen, float scale, float logSumExp)
    {
        row[seen..].Fill(float.NegativeInfinity);
        int j = 0;
        if (Vector256.IsHardwareAccelerated)
        {
            ref float p = ref MemoryMarshal.GetReference(row);
            Vector256<float> s = Vector256.Create(scale), lse = Vector256.Create(-logSumExp);
            for (; j < row.Length; j += Lanes)
                Exp.Of(Vector256.FusedMultiplyAdd(Vector256.LoadUnsafe(ref p, (nuint)j), s, lse)).StoreUnsafe(ref p, (nuint)j);
        }

        for (; j < row.Length; j++)
            row[j] = Exp.Of(MathF.FusedMultiplyAdd(row[j], scale, -logSumExp));
    }

    /// <summary>dp[j] becomes p[j] (dp[j] - delta) scale, the gradient of the unscaled score.</summary>
    public static void ScoreGradients(ReadOnlySpan<float> p, Span<float> dp, float delta, float scale)
    {
        int j = 0;
        if (Vector256.IsHardwareAccelerated)
        {
            ref float pp = ref MemoryMarshal.GetReference(p), pd = ref MemoryMarshal.GetReference(dp);
            Vector256<float> s = Vector256.Create(scale), shift = Vector256.Create(delta);
            for (; j <= p.Length - Lanes; j += Lanes)
                (Vector256.LoadUnsafe(ref pp, (nuint)j) * (Vector256.LoadUnsafe(ref pd, (nuint)j) - shift) * s).StoreUnsafe(ref pd, (nuint)j);
        }

        for (; j < p.Length; j++)
            dp[j] = p[j] * (dp[j] - delta) * scale;
    }
}
