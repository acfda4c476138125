using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Goodhart.Engine.Kernels;

/// <summary>Turns pairs of channels of each head by position times a frequency (Su et al. 2021, RoFormer).</summary>
/// <remarks>(a, b) becomes (a cos - b sin, a sin + b cos); the backward pass turns the gradient the other way.</remarks>
static class RopeKernel
{
    /// <param name="x">[N, heads D].</param>
    /// <param name="positions">[N].</param>
    /// <param name="cos">[positions, D / 2].</param>
    /// <param name="sin">[positions, D / 2].</param>
    /// <param name="y">[N, heads D]; overwritten, or added to.</param>
    /// <param name="heads">Number of heads.</param>
    /// <param name="headSize">D.</param>
    /// <param name="interleaved">Pairs are channels (2i, 2i + 1); otherwise (i, i + D / 2).</param>
    /// <param name="inverse">Turns the other way.</param>
    /// <param name="add">Whether y is added to.</param>
    public static void Turn(
        ReadOnlySpan<float> x, ReadOnlySpan<int> positions, ReadOnlySpan<float> cos, ReadOnlySpan<float> sin, Span<float> y,
        int heads, int headSize, bool interleaved, bool inverse, bool add)
    {
        int half = headSize / 2;
        for (int n = 0; n < positions.Length; n++)
        {
            ReadOnlySpan<float> c = cos.Slice(positions[n] * half, half), s = sin.Slice(positions[n] * half, half);
            for (int head = 0; head < heads; head++)
            {
                ReadOnlySpan<float> from = x.Slice((n * heads + head) * headSize, headSize);
                Span<float> to = y.Slice((n * heads + head) * headSize, headSize);
                if (interleaved)
                    TurnPairs(from, c, s, to, 0, 2, 1, inverse, add);
                else
                    TurnHalves(from, c, s, to, inverse, add);
            }
        }
    }

    static void TurnHalves(ReadOnlySpan<float> from, ReadOnlySpan<float> cos, ReadOnlySpan<float> sin, Span<float> to, bool inverse, bool add)
    {
        int half = cos.Length, i = 0;
        if (Vector128.IsHardwareAccelerated)
        {
            ref float px = ref MemoryMarshal.GetReference(from), py = ref MemoryMarshal.GetReference(to);
            ref float pc = ref MemoryMarshal.GetReference(cos), ps = ref MemoryMarshal.GetReference(sin);
            for (; i <= half - Vector128<float>.Count; i += Vector128<float>.Count)
            {
                nuint first = (nuint)i, second = (nuint)(i + half);
                Vector128<float> a = Vector128.LoadUnsafe(ref px, first), b = Vector128.LoadUnsafe(ref px, second);
                Vector128<float> c = Vector128.LoadUnsafe(ref pc, first), s = Vector128.LoadUnsafe(ref ps, first);
                s = inverse ? -s : s;
                Vector128<float> p = a * c - b * s, q = a * s + b * c;
                (add ? p + Vector128.LoadUnsafe(ref py, first) : p).StoreUnsafe(ref py, first);
                (add ? q + Vector128.LoadUnsafe(ref py, second) : q).StoreUnsafe(ref py, second);
            }
        }

        TurnPairs(from, cos, sin, to, i, 1, half, inverse, add);
    }

    static void TurnPairs(
        ReadOnlySpan<float> from, ReadOnlySpan<float> cos, ReadOnlySpan<float> sin, Span<float> to, int first, int stride, int partner, bool inverse, bool add)
    {
        for (int i = first; i < cos.Length; i++)
        {
            float a = from[i * stride], b = from[i * stride + partner], turn = inverse ? -sin[i] : sin[i];
            float p = a * cos[i] - b * turn, q = a * turn + b * cos[i];
            to[i * stride] = add ? to[i * stride] + p : p;
            to[i * stride + partner] = add ? to[i * stride + partner] + q : q;
        }
    }
}
