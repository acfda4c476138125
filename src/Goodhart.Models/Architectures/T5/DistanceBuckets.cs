namespace Goodhart.Models.Architectures.T5;

/// <summary>Which bias a distance gets: small distances one each, larger ones share on a logarithmic scale, and from a largest on all are one.</summary>
static class DistanceBuckets
{
    /// <summary>The bucket of each distance key - query, from 1 - queries to keys - 1.</summary>
    /// <param name="queries">How many queries.</param>
    /// <param name="keys">How many keys.</param>
    /// <param name="bidirectional">Whether keys after the query have buckets of their own, the upper half; otherwise they share those of distance 0.</param>
    /// <param name="buckets">How many there are.</param>
    /// <param name="maxDistance">From which on all share one.</param>
    public static int[] Of(int queries, int keys, bool bidirectional, int buckets, int maxDistance)
    {
        int[] all = new int[queries + keys - 1];
        for (int i = 0; i < all.Length; i++)
        {
            int distance = i + 1 - queries;
            all[i] = !bidirectional
                ? Backward(Math.Max(-distance, 0), buckets, maxDistance)
                : Backward(Math.Abs(distance), buckets / 2, maxDistance) + (distance > 0 ? buckets / 2 : 0);
        }

        return all;
    }

    // In float32, as published weights were trained with: at a boundary the last bit decides.
    static int Backward(int distance, int buckets, int maxDistance)
    {
        int exact = buckets / 2;
        if (distance < exact)
            return distance;
        float share = MathF.Log(distance / (float)exact) / (float)Math.Log(maxDistance / (double)exact);
        return Math.Min(buckets - 1, exact + (int)(share * (buckets - exact)));
    }
}
