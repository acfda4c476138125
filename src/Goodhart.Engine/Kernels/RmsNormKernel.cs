using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Goodhart.Engine.Kernels.Simd;

namespace Goodhart.Engine.Kernels;

/// <summary>y = x / sqrt(mean(x^2) + epsilon) * weight, for each row (Zhang and Sennrich 2019).</summary>
static class RmsNormKernel
{
    /// <param name="x">[N, C].</param>
    /// <param name="weight">[C].</param>
    /// <param name="y">[N, C], overwritten.</param>
    /// <param name="rstd">[N], overwritten: 1 / root mean square.</param>
    /// <param name="columns">C.</param>
    /// <param name="epsilon">Added under the root.</param>
    public static void Forward(ReadOnlySpan<float> x, ReadOnlySpan<float> weight, Span<float> y, Span<float> rstd, int columns, float epsilon)
    {
        Debug.Assert(x.Length == y.Length && x.Length == rstd.Length * columns);
        for (int n = 0; n < rstd.Length; n++)
        {
            ReadOnlySpan<float> row = x.Slice(n * columns, columns);
            float r = 1 / MathF.Sqrt(Rows.Dot(row, row) / columns + epsilon);
            rstd[n] = r;
            ScaleRow(row, weight, r, y.Slice(n * columns, columns));
        }
    }

    /// <summary>dx += rstd (dy weight - xhat mean(dy weight xhat)).</summary>
    /// <remarks>xhat = x rstd; d(rstd)/dx_j = -rstd^3 x_j / C, so the second term is what the common factor takes back.</remarks>
    /// <param name="dy">[N, C].</param>
    /// <param name="x">[N, C].</param>
    /// <param name="weight">[C].</param>
    /// <param name="rstd">[N].</param>
    /// <param name="dx">[N, C], added to.</param>
    /// <param name="columns">C.</param>
    public static void BackwardInput(
        ReadOnlySpan<float> dy, ReadOnlySpan<float> x, ReadOnlySpan<float> weight, ReadOnlySpan<float> rstd, Span<float> dx, int columns)
    {
        for (int n = 0; n < rstd.Length; n++)
        {
            ReadOnlySpan<float> g = dy.Slice(n * columns, columns), row = x.Slice(n * columns, columns);
            float r = rstd[n];
            float common = Dot3(g, weight, row) * r * r * r / columns;
            Span<float> d = dx.Slice(n * columns, columns);
            AddRow(g, weight, r, row, -common, d);
        }
    }

    /// <summary>dWeight += sum over rows of dy xhat.</summary>
    /// <param name="dy">[N, C].</param>
    /// <param name="x">[N, C].</param>
    /// <param name="rstd">[N].</param>
    /// <param name="dWeight">[C], added to.</param>
    /// <param name="columns">C.</param>
    public static void BackwardWeight(ReadOnlySpan<float> dy, ReadOnlySpan<float> x, ReadOnlySpan<float> rstd, Span<float> dWeight, int columns)
    {
        for (int n = 0; n < rstd.Length; n++)
            AddProduct(dy.Slice(n * columns, columns), x.Slice(n * columns, columns), rstd[n], dWeight);
    }

    static void ScaleRow(ReadOnlySpan<float> x, ReadOnlySpan<float> weight, float scale, Span<float> y)
    {
        int i = 0;
        if (Vector256.IsHardwareAccelerated)
        {
            ref float px = ref MemoryMarshal.GetReference(x), pw = ref MemoryMarshal.GetReference(weight), py = ref MemoryMarshal.GetReference(y);
            Vector256<float> s = Vector256.Create(scale);
            for (; i <= x.Length - Vector256<float>.Count; i += Vector256<float>.Count)
                (Vector256.LoadUnsafe(ref px, (nuint)i) * s * Vector256.LoadUnsafe(ref pw, (nuint)i)).StoreUnsafe(ref py, (nuint)i);
        }

        for (; i < x.Length; i++)
            y[i] = x[i] * scale * weight[i];
    }

    static float Dot3(ReadOnlySpan<float> a, ReadOnlySpan<float> b, ReadOnlySpan<float> c)
    {
        int i = 0;
        float sum = 0;
        if (Vector256.IsHardwareAccelerated)
        {
            ref float pa = ref MemoryMarshal.GetReference(a), pb = ref MemoryMarshal.GetReference(b), pc = ref MemoryMarshal.GetReference(c);
            Vector256<float> lanes = default;
            for (; i <= a.Length - Vector256<float>.Count; i += Vector256<float>.Count)
            {
                Vector256<float> product = Vector256.LoadUnsafe(ref pa, (nuint)i) * Vector256.LoadUnsafe(ref pb, (nuint)i);
                lanes = Vector256.FusedMultiplyAdd(product, Vector256.LoadUnsafe(ref pc, (nuint)i), lanes);
            }

            sum = Vector256.Sum(lanes);
        }

        for (; i < a.Length; i++)
            sum = MathF.FusedMultiplyAdd(a[i] * b[i], c[i], sum);
        return sum;
    }

    static void AddRow(ReadOnlySpan<float> dy, ReadOnlySpan<float> weight, float scale, ReadOnlySpan<float> x, float xScale, Span<float> dx)
    {
        int i = 0;
        if (Vector256.IsHardwareAccelerated)
        {
            ref float pg = ref MemoryMarshal.GetReference(dy), pw = ref MemoryMarshal.GetReference(weight);
            ref float px = ref MemoryMarshal.GetReference(x), pd = ref MemoryMarshal.GetReference(dx);
            Vector256<float> s = Vector256.Create(scale), t = Vector256.Create(xScale);
            for (; i <= x.Length - Vector256<float>.Count; i += Vector256<float>.Count)
            {
                Vector256<float> d = Vector256.LoadUnsafe(ref pd, (nuint)i);
                d = Vector256.FusedMultiplyAdd(Vector256.LoadUnsafe(ref pg, (nuint)i) * s, Vector256.LoadUnsafe(ref pw, (nuint)i), d);
                Vector256.FusedMultiplyAdd(Vector256.LoadUnsafe(ref px, (nuint)i), t, d).StoreUnsafe(ref pd, (nuint)i);
            }
        }

        for (; i < x.Length; i++)
            dx[i] = MathF.FusedMultiplyAdd(x[i], xScale, MathF.FusedMultiplyAdd(dy[i] * scale, weight[i], dx[i]));
    }

    static void AddProduct(ReadOnlySpan<float> a, ReadOnlySpan<float> b, float scale, Span<float> y)
    {
        int i = 0;
        if (Vector256.IsHardwareAccelerated)
        {
            ref float pa = ref MemoryMarshal.GetReference(a), pb = ref MemoryMarshal.GetReference(b), py = ref MemoryMarshal.GetReference(y);
            Vector256<float> s = Vector256.Create(scale);
            for (; i <= a.Length - Vector256<float>.Count; i += Vector256<float>.Count)
            {
                Vector256<float> product = Vector256.LoadUnsafe(ref pa, (nuint)i) * s;
                Vector256.FusedMultiplyAdd(product, Vector256.LoadUnsafe(ref pb, (nuint)i), Vector256.LoadUnsafe(ref py, (nuint)i)).StoreUnsafe(ref py, (nuint)i);
            }
        }

        for (; i < a.Length; i++)
            y[i] = MathF.FusedMultiplyAdd(a[i] * scale, b[i], y[i]);
    }
}
