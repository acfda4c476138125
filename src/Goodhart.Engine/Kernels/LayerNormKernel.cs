using System.Numerics.Tensors;
using Goodhart.Engine.Kernels.Simd;

namespace Goodhart.Engine.Kernels;

/// <summary>y = (x - mean(x)) / sqrt(var(x) + epsilon) * weight + bias, for each row (Ba et al. 2016); var divides by C.</summary>
static class LayerNormKernel
{
    /// <param name="x">[N, C].</param>
    /// <param name="weight">[C].</param>
    /// <param name="bias">[C].</param>
    /// <param name="y">[N, C], overwritten.</param>
    /// <param name="normal">[N, C], overwritten: the rows before weight and bias.</param>
    /// <param name="rstd">[N], overwritten: 1 / sqrt(var + epsilon).</param>
    /// <param name="epsilon">Added under the root.</param>
    public static void Forward(
        ReadOnlySpan<float> x, ReadOnlySpan<float> weight, ReadOnlySpan<float> bias, Span<float> y, Span<float> normal, Span<float> rstd, float epsilon)
    {
        int columns = weight.Length;
        for (int n = 0; n < rstd.Length; n++)
        {
            ReadOnlySpan<float> row = x.Slice(n * columns, columns);
            Span<float> own = normal.Slice(n * columns, columns), to = y.Slice(n * columns, columns);
            TensorPrimitives.Subtract(row, TensorPrimitives.Sum(row) / columns, own);
            rstd[n] = 1 / MathF.Sqrt(Rows.Dot(own, own) / columns + epsilon);
            TensorPrimitives.Multiply(own, rstd[n], own);
            TensorPrimitives.MultiplyAdd(own, weight, bias, to);
        }
    }

    /// <summary>dx += rstd (g - mean(g) - normal mean(g normal)) with g = dy weight.</summary>
    /// <param name="dy">[N, C].</param>
    /// <param name="weight">[C].</param>
    /// <param name="normal">[N, C].</param>
    /// <param name="rstd">[N].</param>
    /// <param name="dx">[N, C], added to.</param>
    public static void BackwardInput(ReadOnlySpan<float> dy, ReadOnlySpan<float> weight, ReadOnlySpan<float> normal, ReadOnlySpan<float> rstd, Span<float> dx)
    {
        int columns = weight.Length;
        Span<float> g = columns <= 4096 ? stackalloc float[columns] : new float[columns];
        for (int n = 0; n < rstd.Length; n++)
        {
            ReadOnlySpan<float> own = normal.Slice(n * columns, columns);
            Span<float> to = dx.Slice(n * columns, columns);
            TensorPrimitives.Multiply(dy.Slice(n * columns, columns), weight, g);
            float mean = TensorPrimitives.Sum<float>(g) / columns, slope = Rows.Dot(g, own) / columns;
            TensorPrimitives.Subtract(g, mean, g);
            Rows.AddScaled(own, -slope, g);
            Rows.AddScaled(g, rstd[n], to);
        }
    }

    /// <summary>dWeight += sum over rows of dy normal. Serial: the order of a sum decides its bits.</summary>
    /// <param name="dy">[N, C].</param>
    /// <param name="normal">[N, C].</param>
    /// <param name="dWeight">[C], added to.</param>
    public static void BackwardWeight(ReadOnlySpan<float> dy, ReadOnlySpan<float> normal, Span<float> dWeight)
    {
        int columns = dWeight.Length;
        for (int at = 0; at < dy.Length; at += columns)
            TensorPrimitives.MultiplyAdd(dy.Slice(at, columns), normal.Slice(at, columns), dWeight, dWeight);
    }
}
