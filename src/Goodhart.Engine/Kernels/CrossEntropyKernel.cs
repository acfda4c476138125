using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Goodhart.Engine.Kernels.Simd;

namespace Goodhart.Engine.Kernels;

/// <summary>loss[n] = log sum_v e^logits[n, v] - logits[n, target[n]].</summary>
static class CrossEntropyKernel
{
    /// <param name="logits">[N, V].</param>
    /// <param name="targets">[N].</param>
    /// <param name="loss">[N], overwritten.</param>
    /// <param name="logSumExp">[N], overwritten.</param>
    /// <param name="columns">V.</param>
    public static void Forward(ReadOnlySpan<float> logits, ReadOnlySpan<int> targets, Span<float> loss, Span<float> logSumExp, int columns)
    {
        for (int n = 0; n < targets.Length; n++)
        {
            ReadOnlySpan<float> row = logits.Slice(n * columns, columns);
            logSumExp[n] = Rows.LogSumExp(row, 1);
            loss[n] = logSumExp[n] - row[targets[n]];
        }
    }

    /// <summary>dLogits += dLoss (softmax - onehot(target)).</summary>
    /// <param name="dLoss">[N].</param>
    /// <param name="logits">[N, V].</param>
    /// <param name="targets">[N].</param>
    /// <param name="logSumExp">[N].</param>
    /// <param name="dLogits">[N, V], added to.</param>
    /// <param name="columns">V.</param>
    public static void Backward(
        ReadOnlySpan<float> dLoss, ReadOnlySpan<float> logits, ReadOnlySpan<int> targets, ReadOnlySpan<float> logSumExp, Span<float> dLogits, int columns)
    {
        for (int n = 0; n < targets.Length; n++)
        {
            if (dLoss[n] == 0)
                continue;
            Span<float> d = dLogits.Slice(n * columns, columns);
            AddSoftmax(logits.Slice(n * columns, columns), logSumExp[n], dLoss[n], d);
            d[targets[n]] -= dLoss[n];
        }
    }

    static void AddSoftmax(ReadOnlySpan<float> logits, float logSumExp, float scale, Span<float> d)
    {
        int i = 0;
        if (Vector256.IsHardwareAccelerated)
        {
            ref float pz = ref MemoryMarshal.GetReference(logits), pd = ref MemoryMarshal.GetReference(d);
            Vector256<float> lse = Vector256.Create(logSumExp), s = Vector256.Create(scale);
            for (; i <= logits.Length - Vector256<float>.Count; i += Vector256<float>.Count)
            {
                Vector256<float> q = Exp.Of(Vector256.LoadUnsafe(ref pz, (nuint)i) - lse);
                Vector256.FusedMultiplyAdd(q, s, Vector256.LoadUnsafe(ref pd, (nuint)i)).StoreUnsafe(ref pd, (nuint)i);
            }
        }

        for (; i < logits.Length; i++)
            d[i] = MathF.FusedMultiplyAdd(Exp.Of(logits[i] - logSumExp), scale, d[i]);
    }
}
