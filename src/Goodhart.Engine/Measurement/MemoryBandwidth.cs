using System.Diagnostics;
using System.Numerics.Tensors;
using Goodhart.Engine.Memory;
using Goodhart.Engine.Threading;

namespace Goodhart.Engine.Measurement;

/// <summary>The most bytes that this machine moves to and from memory in a second, measured: what a kernel without much arithmetic is compared with.</summary>
public static class MemoryBandwidth
{
    /// <summary>Floats of each of three arrays: 64 MB, beyond most caches.</summary>
    const int Length = 1 << 24;

    const int Grain = 1 << 18;

    /// <summary>GB/s of all <paramref name="workers"/> together over a = b + s c (STREAM's triad, McCalpin 1995: three floats an element); the best of several rounds.</summary>
    /// <param name="workers">The threads to use.</param>
    /// <param name="rounds">A round takes some ten milliseconds.</param>
    public static double GigabytesPerSecond(Workers workers, int rounds = 8)
    {
        Memory<float> a = AlignedMemory.Allocate(Length), b = AlignedMemory.Allocate(Length), c = AlignedMemory.Allocate(Length);
        b.Span.Fill(1);
        c.Span.Fill(2);
        double best = 0;
        for (int round = 0; round < rounds; round++)
        {
            long start = Stopwatch.GetTimestamp();
            workers.ForRows(Length, Grain, (first, count) => TensorPrimitives.MultiplyAdd(
                c.Span.Slice(first, count), 3f, b.Span.Slice(first, count), a.Span.Slice(first, count)));
            best = Math.Max(best, 3.0 * Length * sizeof(float) / Stopwatch.GetElapsedTime(start).TotalSeconds / 1e9);
        }

        return best;
    }
}
