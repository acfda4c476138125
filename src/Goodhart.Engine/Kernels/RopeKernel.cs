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
        int half = headSize / 2, stride = interleaved ? 2 : 1, partner = interleaved ? 1 : half;
        float direction = inverse ? -1 : 1;
        for (int n = 0; n < positions.Length; n++)
        {
            ReadOnlySpan<float> c = cos.Slice(positions[n] * half, half), s = sin.Slice(positions[n] * half, half);
            for (int head = 0; head < heads; head++)
            {
                ReadOnlySpan<float> from = x.Slice((n * heads + head) * headSize, headSize);
                Span<float> to = y.Slice((n * heads + head) * headSize, headSize);
                for (int i = 0; i < half; i++)
                {
                    float a = from[i * stride], b = from[i * stride + partner], turn = s[i] * direction;
                    float p = a * c[i] - b * turn, q = a * turn + b * c[i];
                    to[i * stride] = add ? to[i * stride] + p : p;
                    to[i * stride + partner] = add ? to[i * stride + partner] + q : q;
                }
            }
        }
    }
}
