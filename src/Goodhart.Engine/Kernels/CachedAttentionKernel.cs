using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Goodhart.Engine.Kernels;

/// <summary>One query row of one head over the remembered keys and values of a sequence.</summary>
/// <remarks>Rounds as <see cref="AttentionKernel"/> does, so that what is generated does not depend on how much of a prompt was read at once.</remarks>
static class CachedAttentionKernel
{
    const int Lanes = 8;

    /// <param name="q">[D].</param>
    /// <param name="keys">[padded D, padded T].</param>
    /// <param name="values">[T, padded D].</param>
    /// <param name="o">[D], overwritten.</param>
    /// <param name="scores">Scratch, padded T.</param>
    /// <param name="shape">D and T.</param>
    /// <param name="seen">Keys remembered.</param>
    public static void Forward(
        ReadOnlySpan<float> q, ReadOnlySpan<float> keys, ReadOnlySpan<float> values, Span<float> o, Span<float> scores, in AttentionShape shape, int seen)
    {
        Scores(q, keys, scores, shape.PaddedTime, seen);
        AttentionMath.Softmax(scores[..AttentionShape.Pad(seen)], seen, shape.Scale);
        for (int d = 0; d < o.Length; d += Lanes)
            Mix(scores[..seen], values[d..], shape.PaddedHead, o[d..Math.Min(d + Lanes, o.Length)]);
    }

    /// <summary>o[d] = sum over j of p[j] values[j, d], for up to eight d.</summary>
    static void Mix(ReadOnlySpan<float> p, ReadOnlySpan<float> values, int head, Span<float> o)
    {
        ref float first = ref MemoryMarshal.GetReference(values);
        Vector256<float> sum = default;
        for (int j = 0; j < p.Length; j++)
            sum = Vector256.FusedMultiplyAdd(Vector256.Create(p[j]), Vector256.LoadUnsafe(ref first, (nuint)(j * head)), sum);
        if (o.Length == Lanes)
        {
            sum.CopyTo(o);
            return;
        }

        for (int d = 0; d < o.Length; d++)
            o[d] = sum[d];
    }

    static void Scores(ReadOnlySpan<float> q, ReadOnlySpan<float> keys, Span<float> scores, int time, int seen)
    {
        if (!Vector256.IsHardwareAccelerated)
        {
            for (int j = 0; j < seen; j++)
            {
                float sum = 0;
                for (int d = 0; d < q.Length; d++)
                    sum += q[d] * keys[d * time + j];
                scores[j] = sum;
            }

            return;
        }

        ref float pk = ref MemoryMarshal.GetReference(keys), ps = ref MemoryMarshal.GetReference(scores);
        for (int j = 0; j < seen; j += Lanes)
        {
            Vector256<float> sum = default;
            for (int d = 0; d < q.Length; d++)
                sum = Vector256.FusedMultiplyAdd(Vector256.Create(q[d]), Vector256.LoadUnsafe(ref pk, (nuint)(d * time + j)), sum);
            sum.StoreUnsafe(ref ps, (nuint)j);
        }
    }
}
