using System.Numerics;

namespace Goodhart.Engine.Randomness;

/// <summary>A seeded stream of random numbers (xoshiro256++, Blackman and Vigna 2019) whose state can be saved.</summary>
/// <remarks>Streams are named: two names never share numbers, so adding a use of randomness does not disturb the others.</remarks>
public sealed class Rng
{
    ulong _s0, _s1, _s2, _s3;

    /// <summary>The stream of that name, and number where there are many alike, under a run's seed.</summary>
    public Rng(long seed, string name, long index = 0)
    {
        ulong mix = Mix((ulong)seed) ^ Mix(Hash(name)) ^ Mix(unchecked((ulong)index * 0x9E3779B97F4A7C15UL + 0x632BE59BD9B4E019UL));
        _s0 = Next(ref mix);
        _s1 = Next(ref mix);
        _s2 = Next(ref mix);
        _s3 = Next(ref mix);
    }

    /// <summary>The whole state: store it, and set it to go on from there.</summary>
    public (ulong, ulong, ulong, ulong) State
    {
        get => (_s0, _s1, _s2, _s3);
        set => (_s0, _s1, _s2, _s3) = value;
    }

    /// <summary>64 random bits.</summary>
    public ulong NextUInt64()
    {
        ulong result = BitOperations.RotateLeft(_s0 + _s3, 23) + _s0;
        ulong t = _s1 << 17;
        _s2 ^= _s0;
        _s3 ^= _s1;
        _s1 ^= _s2;
        _s0 ^= _s3;
        _s2 ^= t;
        _s3 = BitOperations.RotateLeft(_s3, 45);
        return result;
    }

    /// <summary>Uniform in [0, 1), 53 bits.</summary>
    public double NextDouble() => (NextUInt64() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Uniform in 0 .. <paramref name="bound"/> - 1.</summary>
    public int NextInt(int bound)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bound, 1);
        return (int)Math.BigMul(NextUInt64(), (ulong)bound, out _);
    }

    /// <summary>Standard normal (Box-Muller, one of the pair).</summary>
    public double NextGaussian()
    {
        double radius = Math.Sqrt(-2 * Math.Log(1 - NextDouble()));
        return radius * Math.Cos(2 * Math.PI * NextDouble());
    }

    /// <summary>A random order of 0 .. <paramref name="count"/> - 1 (Fisher-Yates).</summary>
    public int[] Permutation(int count)
    {
        int[] order = new int[count];
        for (int i = 0; i < count; i++)
        {
            int j = NextInt(i + 1);
            order[i] = order[j];
            order[j] = i;
        }

        return order;
    }

    // SplitMix64, the seeding that xoshiro's authors recommend.
    static ulong Next(ref ulong state) => Mix(state += 0x9E3779B97F4A7C15UL);

    static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }

    // FNV-1a over UTF-16 code units: string.GetHashCode differs from process to process.
    static ulong Hash(string name)
    {
        ulong hash = 14695981039346656037UL;
        foreach (char c in name)
            hash = (hash ^ c) * 1099511628211UL;
        return hash;
    }
}
