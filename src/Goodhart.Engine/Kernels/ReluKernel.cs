namespace Goodhart.Engine.Kernels;

/// <summary>y = max(x, 0), elementwise.</summary>
static class ReluKernel
{
    /// <param name="x">Any length.</param>
    /// <param name="y">The same length, overwritten.</param>
    public static void Forward(ReadOnlySpan<float> x, Span<float> y)
    {
        for (int i = 0; i < x.Length; i++)
            y[i] = x[i] < 0 ? 0 : x[i];
    }

    /// <summary>dx += dy where x is above 0.</summary>
    /// <param name="dy">Any length.</param>
    /// <param name="x">The same length.</param>
    /// <param name="dx">The same length, added to.</param>
    public static void Backward(ReadOnlySpan<float> dy, ReadOnlySpan<float> x, Span<float> dx)
    {
        for (int i = 0; i < x.Length; i++)
            dx[i] += x[i] > 0 ? dy[i] : 0;
    }
}
