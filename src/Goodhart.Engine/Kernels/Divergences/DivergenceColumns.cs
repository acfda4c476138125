using Goodhart.Engine.Kernels.Simd;

namespace Goodhart.Engine.Kernels.Divergences;

/// <summary>T^2 f(softmax(teacher / T), softmax(student / T)): <see cref="DivergenceKernel"/> for columns.</summary>
readonly unsafe struct DivergenceColumns<TDivergence>(TDivergence divergence, float temperature) : IColumnLoss
    where TDivergence : struct, IDivergence
{
    public bool NeedsTeacher => true;

    public V Columns<TLanes, V>(float* student, float* teacher, int stride, int vocabulary, ReadOnlySpan<int> targets, float weight, bool wantsGradient)
        where TLanes : struct, ILanes<V>
        where V : struct
    {
        float scale = 1 / temperature;
        V factor = TLanes.All(scale), lowest = TLanes.All(DivergenceKernel.LowestLog);
        V lseT = ColumnSoftmax<TLanes, V>.LogSumExp(teacher, stride, vocabulary, scale);
        V lseS = ColumnSoftmax<TLanes, V>.LogSumExp(student, stride, vocabulary, scale);
        V shiftT = TLanes.Subtract(default, lseT), shiftS = TLanes.Subtract(default, lseS), terms = default, slopes = default;
        for (int block = 0; block < vocabulary; block += ColumnSoftmax<TLanes, V>.Block)
        {
            V someTerms = default, someSlopes = default;
            for (int v = block; v < Math.Min(vocabulary, block + ColumnSoftmax<TLanes, V>.Block); v++)
            {
                float* zs = student + (long)v * stride, zt = teacher + (long)v * stride;
                V logP = TLanes.Max(lowest, TLanes.MultiplyAdd(TLanes.Load(zt), factor, shiftT));
                V logQ = TLanes.Max(lowest, TLanes.MultiplyAdd(TLanes.Load(zs), factor, shiftS));
                V q = TLanes.Exp(logQ);
                (V term, V slope) = divergence.At<TLanes, V>(TLanes.Exp(logP), logP, q, logQ);
                TLanes.Store(q, zs);
                TLanes.Store(slope, zt);
                someTerms = TLanes.Add(someTerms, term);
                someSlopes = TLanes.Add(someSlopes, slope);
            }

            terms = TLanes.Add(terms, someTerms);
            slopes = TLanes.Add(slopes, someSlopes);
        }

        if (wantsGradient)
            Gradients<TLanes, V>(student, teacher, stride, vocabulary, slopes, weight * temperature);
        return TLanes.Multiply(terms, TLanes.All(temperature * temperature));
    }

    /// <summary>factor (slope - q sum(slope)), from q in the student's place and the slope in the teacher's.</summary>
    static void Gradients<TLanes, V>(float* student, float* teacher, int stride, int vocabulary, V slopes, float factor)
        where TLanes : struct, ILanes<V>
        where V : struct
    {
        V scale = TLanes.All(factor), minus = TLanes.Subtract(default, slopes);
        for (int v = 0; v < vocabulary; v++)
        {
            float* at = student + (long)v * stride;
            V gradient = TLanes.MultiplyAdd(TLanes.Load(at), minus, TLanes.Load(teacher + (long)v * stride));
            TLanes.Store(TLanes.Multiply(scale, gradient), at);
        }
    }
}
