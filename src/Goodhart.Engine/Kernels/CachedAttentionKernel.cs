using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Goodhart.Engine.Kernels.Simd;

namespace Goodhart.Engine.Kernels;

/// <summary>One query row of one head over the remembered keys and values of a sequence.</summary>
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
        o.Clear();
        for (int j = 0; j < seen; j++)
            Rows.AddScaled(values.Slice(j * shape.PaddedHead, o.Length), scores[j], o);
    }

    static void Scores(ReadOnlySpan<float> q, ReadOnlySpan<float> keys, Span<float> scores, int time, int seen)
    {
        if (!Vector256.IsHardwareAccelerated)
        {
            scores[..seen].Clear();
            for (int d = 0; d < q.Length; d++)
                Rows.AddScaled(keys.Slice(d * time, seen), q[d], scores);
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
