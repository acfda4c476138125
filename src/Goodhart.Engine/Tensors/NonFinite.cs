using System.Numerics.Tensors;

namespace Goodhart.Engine.Tensors;

/// <summary>Looks for NaN and infinity.</summary>
public static class NonFinite
{
    /// <summary>Whether every value is a number.</summary>
    /// <remarks>x - x is 0 for a finite x and NaN otherwise, and a sum keeps a NaN: one pass without a branch.</remarks>
    public static bool IsAllFinite(ReadOnlySpan<float> values)
    {
        float sum = 0;
        Span<float> zeros = stackalloc float[256];
        for (int i = 0; i < values.Length; i += zeros.Length)
        {
            ReadOnlySpan<float> block = values.Slice(i, Math.Min(zeros.Length, values.Length - i));
            TensorPrimitives.Subtract(block, block, zeros);
            sum += TensorPrimitives.Sum(zeros[..block.Length]);
        }

        return sum == 0;
    }
}
