using Goodhart.Engine.Kernels.Simd;

namespace Goodhart.Engine.Kernels;

/// <summary>y[n] = weight[ids[n]], row by row.</summary>
static class EmbeddingKernel
{
    /// <param name="ids">[N].</param>
    /// <param name="weight">[V, C].</param>
    /// <param name="y">[N, C], overwritten.</param>
    /// <param name="columns">C.</param>
    public static void Forward(ReadOnlySpan<int> ids, ReadOnlySpan<float> weight, Span<float> y, int columns)
    {
        for (int n = 0; n < ids.Length; n++)
            weight.Slice(ids[n] * columns, columns).CopyTo(y.Slice(n * columns, columns));
    }

    /// <summary>dWeight[ids[n]] += dy[n]. Serial: an id may occur in several rows, and the order of a sum decides its bits.</summary>
    /// <param name="dy">[N, C].</param>
    /// <param name="ids">[N].</param>
    /// <param name="dWeight">[V, C], added to.</param>
    /// <param name="columns">C.</param>
    public static void Backward(ReadOnlySpan<float> dy, ReadOnlySpan<int> ids, Span<float> dWeight, int columns)
    {
        for (int n = 0; n < ids.Length; n++)
            Rows.AddScaled(dy.Slice(n * columns, columns), 1, dWeight.Slice(ids[n] * columns, columns));
    }
}
