using System.Numerics.Tensors;

namespace Goodhart.Engine.Kernels;

/// <summary>y = x + bias, the same bias for each row.</summary>
static class BiasKernel
{
    /// <param name="x">[N, C].</param>
    /// <param name="bias">[C].</param>
    /// <param name="y">[N, C], overwritten.</param>
    public static void Forward(ReadOnlySpan<float> x, ReadOnlySpan<float> bias, Span<float> y)
    {
        int columns = bias.Length;
        for (int at = 0; at < x.Length; at += columns)
            TensorPrimitives.Add(x.Slice(at, columns), bias, y.Slice(at, columns));
    }

    /// <summary>dBias += sum over rows of dy. Serial: the order of a sum decides its bits.</summary>
    /// <param name="dy">[N, C].</param>
    /// <param name="dBias">[C], added to.</param>
    public static void BackwardBias(ReadOnlySpan<float> dy, Span<float> dBias)
    {
        int columns = dBias.Length;
        for (int at = 0; at < dy.Length; at += columns)
            TensorPrimitives.Add(dBias, dy.Slice(at, columns), dBias);
    }
}
