using Goodhart.Engine.Memory;

namespace Goodhart.Engine.Autograd;

/// <summary>Cosines and sines of every position and frequency, theta^(-2i / D) for pair i.</summary>
public sealed class RopeTable
{
    readonly Memory<float> _cos, _sin;

    /// <param name="positions">Number of positions, from 0.</param>
    /// <param name="headSize">D, even.</param>
    /// <param name="theta">rope_theta in a model's config.json; 10000 in the paper.</param>
    /// <param name="interleaved">Pairs are neighbouring channels, as in the paper and llama2.c; Hugging Face pairs channel i with i + D / 2.</param>
    public RopeTable(int positions, int headSize, double theta, bool interleaved = false)
    {
        Throw.Unless(headSize % 2 == 0, $"RopeTable: headSize should be even, got {headSize}.");
        (Positions, HeadSize, IsInterleaved) = (positions, headSize, interleaved);
        int half = headSize / 2;
        _cos = AlignedMemory.Allocate(positions * half);
        _sin = AlignedMemory.Allocate(positions * half);
        for (int position = 0; position < positions; position++)
        {
            for (int i = 0; i < half; i++)
            {
                (double sin, double cos) = Math.SinCos(position * Math.Pow(theta, -2.0 * i / headSize));
                _cos.Span[position * half + i] = (float)cos;
                _sin.Span[position * half + i] = (float)sin;
            }
        }
    }

    /// <summary>How many positions there are.</summary>
    public int Positions { get; }

    /// <summary>D.</summary>
    public int HeadSize { get; }

    /// <summary>Whether pairs are neighbouring channels.</summary>
    public bool IsInterleaved { get; }

    internal ReadOnlySpan<float> Cos => _cos.Span;

    internal ReadOnlySpan<float> Sin => _sin.Span;
}
