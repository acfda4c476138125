namespace Goodhart.Engine.Tests.Kernels.Simd;

/// <summary>Distances in units in the last place.</summary>
static class Ulps
{
    public static double Between(float actual, double exact)
    {
        float near = Math.Abs((float)exact);
        return Math.Abs(actual - exact) / (MathF.BitIncrement(near) - near);
    }

    /// <summary>Every <paramref name="stride"/>-th float from one positive number to another, in groups of eight.</summary>
    public static IEnumerable<float[]> Sweep(float from, float to, int stride)
    {
        int last = BitConverter.SingleToInt32Bits(to);
        for (int bits = BitConverter.SingleToInt32Bits(from); bits <= last - 7 * stride; bits += 8 * stride)
        {
            float[] group = new float[8];
            for (int i = 0; i < group.Length; i++)
                group[i] = BitConverter.Int32BitsToSingle(bits + i * stride);
            yield return group;
        }
    }
}
