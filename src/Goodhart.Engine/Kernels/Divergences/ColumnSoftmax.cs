using Goodhart.Engine.Kernels.Simd;

namespace Goodhart.Engine.Kernels.Divergences;

/// <summary>Log-probabilities of columns of logits.</summary>
static unsafe class ColumnSoftmax<TLanes, V>
    where TLanes : struct, ILanes<V>
    where V : struct
{
    /// <summary>Terms summed apart before they join the total, so that rounding does not grow with the vocabulary.</summary>
    public const int Block = 256;

    /// <summary>log of the sum over v of e^(scale z[v]), lane by lane, the maximum taken out first.</summary>
    public static V LogSumExp(float* z, int stride, int vocabulary, float scale)
    {
        V max = TLanes.All(float.NegativeInfinity);
        for (int v = 0; v < vocabulary; v++)
            max = TLanes.Max(max, TLanes.Load(z + (long)v * stride));

        V factor = TLanes.All(scale), shift = TLanes.Multiply(max, TLanes.All(-scale)), total = default;
        for (int block = 0; block < vocabulary; block += Block)
        {
            V sum = default;
            for (int v = block; v < Math.Min(vocabulary, block + Block); v++)
                sum = TLanes.Add(sum, TLanes.Exp(TLanes.MultiplyAdd(TLanes.Load(z + (long)v * stride), factor, shift)));
            total = TLanes.Add(total, sum);
        }

        return TLanes.Subtract(TLanes.Log(total), shift);
    }
}
