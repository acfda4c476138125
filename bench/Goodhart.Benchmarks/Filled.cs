namespace Goodhart.Benchmarks;

/// <summary>Numbers to compute with: small, of both signs, none denormal.</summary>
static class Filled
{
    public static float[] Of(int length)
    {
        float[] values = new float[length];
        for (int i = 0; i < length; i++)
            values[i] = (i % 23 - 11.5f) / 16;
        return values;
    }
}
