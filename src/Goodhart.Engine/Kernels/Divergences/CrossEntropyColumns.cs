using Goodhart.Engine.Kernels.Simd;

namespace Goodhart.Engine.Kernels.Divergences;

/// <summary>-log softmax(student)[target]: <see cref="CrossEntropyKernel"/> for columns.</summary>
readonly unsafe struct CrossEntropyColumns : IColumnLoss
{
    public bool NeedsTeacher => false;

    public V Columns<TLanes, V>(float* student, float* teacher, int stride, int vocabulary, ReadOnlySpan<int> targets, float weight, bool wantsGradient)
        where TLanes : struct, ILanes<V>
        where V : struct
    {
        V lse = ColumnSoftmax<TLanes, V>.LogSumExp(student, stride, vocabulary, 1);
        float* ofTargets = stackalloc float[TLanes.Count];
        for (int lane = 0; lane < TLanes.Count; lane++)
            ofTargets[lane] = lane < targets.Length ? student[(long)targets[lane] * stride + lane] : 0;
        V losses = TLanes.Subtract(lse, TLanes.Load(ofTargets));
        if (!wantsGradient)
            return losses;

        V scale = TLanes.All(weight);
        for (int v = 0; v < vocabulary; v++)
        {
            float* at = student + (long)v * stride;
            TLanes.Store(TLanes.Multiply(scale, TLanes.Exp(TLanes.Subtract(TLanes.Load(at), lse))), at);
        }

        for (int lane = 0; lane < targets.Length; lane++)
            student[(long)targets[lane] * stride + lane] -= weight;
        return losses;
    }
}
