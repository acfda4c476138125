using Goodhart.Engine.Memory;

namespace Goodhart.Engine.Autograd;

/// <summary>Cosines and sines of position times frequency, for as many positions as have been asked for.</summary>
public sealed class RopeTable
{
    const int FirstPositions = 256;

    readonly double[] _frequencies;
    readonly Lock _growing = new();
    volatile Angles _angles;

    /// <param name="positions">Number of positions, from 0.</param>
    /// <param name="headSize">D, even.</param>
    /// <param name="theta">The frequency of pair i is theta^(-2i / D); rope_theta in a model's config.json, 10000 in the paper.</param>
    /// <param name="interleaved">Pairs are neighbouring channels, as in the paper and llama2.c; Hugging Face pairs channel i with i + D / 2.</param>
    public RopeTable(int positions, int headSize, double theta, bool interleaved = false)
        : this(positions, Frequencies(headSize, theta), interleaved)
    {
    }

    /// <param name="positions">Number of positions, from 0.</param>
    /// <param name="frequencies">Radians a position, of each of D / 2 pairs.</param>
    /// <param name="interleaved">Pairs are neighbouring channels.</param>
    public RopeTable(int positions, IReadOnlyList<double> frequencies, bool interleaved = false)
    {
        _frequencies = [.. frequencies];
        (Positions, HeadSize, IsInterleaved) = (positions, 2 * _frequencies.Length, interleaved);
        _angles = new Angles(Math.Min(positions, FirstPositions), _frequencies);
    }

    /// <summary>How many positions there are.</summary>
    public int Positions { get; }

    /// <summary>D.</summary>
    public int HeadSize { get; }

    /// <summary>Whether pairs are neighbouring channels.</summary>
    public bool IsInterleaved { get; }

    /// <summary>theta^(-2i / D) for pair i.</summary>
    public static double[] Frequencies(int headSize, double theta)
    {
        Throw.Unless(headSize % 2 == 0, $"RopeTable: headSize should be even, got {headSize}.");
        return [.. Enumerable.Range(0, headSize / 2).Select(i => Math.Pow(theta, -2.0 * i / headSize))];
    }

    /// <summary>The table, with at least the first <paramref name="positions"/>.</summary>
    internal Angles Upto(int positions)
    {
        Angles angles = _angles;
        if (angles.Positions >= positions)
            return angles;

        lock (_growing)
        {
            if (_angles.Positions < positions)
                _angles = new Angles((int)Math.Min(Positions, Math.Max(positions, 2L * _angles.Positions)), _frequencies);
            return _angles;
        }
    }

    /// <summary>[positions, D / 2] each.</summary>
    internal sealed class Angles
    {
        readonly Memory<float> _cos, _sin;

        public Angles(int positions, double[] frequencies)
        {
            Positions = positions;
            int half = frequencies.Length;
            _cos = AlignedMemory.Allocate(checked(positions * half));
            _sin = AlignedMemory.Allocate(positions * half);
            for (int position = 0; position < positions; position++)
            {
                for (int i = 0; i < half; i++)
                {
                    (double sin, double cos) = Math.SinCos(position * frequencies[i]);
                    _cos.Span[position * half + i] = (float)cos;
                    _sin.Span[position * half + i] = (float)sin;
                }
            }
        }

        public int Positions { get; }

        public ReadOnlySpan<float> Cos => _cos.Span;

        public ReadOnlySpan<float> Sin => _sin.Span;
    }
}
