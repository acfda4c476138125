using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Goodhart.Engine.Kernels.Simd;

namespace Goodhart.Engine.Kernels.Divergences;

/// <summary>loss[n] = T^2 f(softmax(teacher[n] / T), softmax(student[n] / T)) over the whole vocabulary.</summary>
/// <remarks>T^2 keeps the size of the gradient when the temperature changes (Hinton et al. 2015).</remarks>
static class DivergenceKernel
{
    const int Lanes = 8;

    /// <summary>Log-probabilities are cut here, so that a token forbidden by an infinite logit in both counts as 0 and not as NaN.</summary>
    public const float LowestLog = -1e4f;

    /// <param name="divergence">f.</param>
    /// <param name="teacher">[N, V] logits.</param>
    /// <param name="student">[N, V] logits.</param>
    /// <param name="loss">[N], overwritten.</param>
    /// <param name="saved">[N, 3], overwritten: both log-sum-exps and the sum of slopes, for the backward pass.</param>
    /// <param name="columns">V.</param>
    /// <param name="temperature">T.</param>
    public static void Forward<TDivergence>(
        TDivergence divergence, ReadOnlySpan<float> teacher, ReadOnlySpan<float> student, Span<float> loss, Span<float> saved, int columns, float temperature)
        where TDivergence : struct, IDivergence
    {
        float scale = 1 / temperature;
        for (int n = 0; n < loss.Length; n++)
        {
            ReadOnlySpan<float> zt = teacher.Slice(n * columns, columns), zs = student.Slice(n * columns, columns);
            float lseT = Rows.LogSumExp(zt, scale), lseS = Rows.LogSumExp(zs, scale);
            Vector256<float> terms = default, slopes = default;
            for (int v = 0; v < columns; v += Lanes)
            {
                Vector256<float> logP = LogProbabilities(zt, v, scale, lseT), logQ = LogProbabilities(zs, v, scale, lseS);
                Vector256<float> p = Exp.Of(logP), q = Exp.Of(logQ);
                (Vector256<float> term, Vector256<float> slope) = divergence.At<Lanes256, Vector256<float>>(p, logP, q, logQ);
                terms += term;
                slopes += slope;
            }

            loss[n] = temperature * temperature * Vector256.Sum(terms);
            (saved[3 * n], saved[3 * n + 1], saved[3 * n + 2]) = (lseT, lseS, Vector256.Sum(slopes));
        }
    }

    /// <summary>dStudent += dLoss T (slope - q sum(slope)).</summary>
    /// <param name="divergence">f.</param>
    /// <param name="dLoss">[N].</param>
    /// <param name="teacher">[N, V] logits.</param>
    /// <param name="student">[N, V] logits.</param>
    /// <param name="saved">[N, 3].</param>
    /// <param name="dStudent">[N, V], added to.</param>
    /// <param name="columns">V.</param>
    /// <param name="temperature">T.</param>
    public static void Backward<TDivergence>(
        TDivergence divergence, ReadOnlySpan<float> dLoss, ReadOnlySpan<float> teacher, ReadOnlySpan<float> student, ReadOnlySpan<float> saved,
        Span<float> dStudent, int columns, float temperature)
        where TDivergence : struct, IDivergence
    {
        float scale = 1 / temperature;
        for (int n = 0; n < dLoss.Length; n++)
        {
            if (dLoss[n] == 0)
                continue;
            ReadOnlySpan<float> zt = teacher.Slice(n * columns, columns), zs = student.Slice(n * columns, columns);
            Span<float> d = dStudent.Slice(n * columns, columns);
            float lseT = saved[3 * n], lseS = saved[3 * n + 1], slopes = saved[3 * n + 2], factor = dLoss[n] * temperature;
            for (int v = 0; v < columns; v += Lanes)
            {
                Vector256<float> logP = LogProbabilities(zt, v, scale, lseT), logQ = LogProbabilities(zs, v, scale, lseS), q = Exp.Of(logQ);
                Add(d, v, factor * (divergence.At<Lanes256, Vector256<float>>(Exp.Of(logP), logP, q, logQ).Slope - q * slopes));
            }
        }
    }

    static void Add(Span<float> d, int at, Vector256<float> sum)
    {
        if (at + Lanes <= d.Length)
        {
            ref float first = ref MemoryMarshal.GetReference(d);
            (Vector256.LoadUnsafe(ref first, (nuint)at) + sum).StoreUnsafe(ref first, (nuint)at);
            return;
        }

        for (int lane = 0; at + lane < d.Length; lane++)
            d[at + lane] += sum[lane];
    }

    /// <summary>Of eight tokens; past the end of the vocabulary the lowest, whose probability is 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector256<float> LogProbabilities(ReadOnlySpan<float> logits, int at, float scale, float logSumExp)
    {
        Vector256<float> z = at + Lanes <= logits.Length
            ? Vector256.LoadUnsafe(ref MemoryMarshal.GetReference(logits), (nuint)at)
            : Edge(logits[at..]);
        Vector256<float> log = Vector256.FusedMultiplyAdd(z, Vector256.Create(scale), Vector256.Create(-logSumExp));
        Vector256<float> lowest = Vector256.Create(LowestLog);
        return Vector256.ConditionalSelect(Vector256.LessThan(log, lowest), lowest, log);
    }

    static Vector256<float> Edge(ReadOnlySpan<float> rest)
    {
        Span<float> padded = stackalloc float[Lanes];
        padded.Fill(float.NegativeInfinity);
        rest.CopyTo(padded);
        return Vector256.Create<float>(padded);
    }
}
