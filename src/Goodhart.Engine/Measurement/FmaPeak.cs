using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Goodhart.Engine.Kernels.Simd;
using Goodhart.Engine.Threading;

namespace Goodhart.Engine.Measurement;

/// <summary>The most multiply-adds that this machine does in a second, measured: what the arithmetic of a kernel is compared with.</summary>
public static unsafe class FmaPeak
{
    const int Chains = 12;
    const int StepsPerItem = 1 << 17;

    /// <summary>GFLOP/s of all <paramref name="workers"/> together, a multiply-add counted as two; the best of several rounds.</summary>
    /// <param name="workers">The threads to use.</param>
    /// <param name="rounds">A round takes a few milliseconds.</param>
    public static double Gigaflops(Workers workers, int rounds = 40)
    {
        int items = 16 * workers.Count, lanes = Vector512.IsHardwareAccelerated ? Lanes512.Count : Lanes256.Count;
        double flops = 2.0 * items * StepsPerItem * Chains * lanes, best = 0;
        float[] sink = new float[items];
        for (int round = 0; round < rounds; round++)
        {
            long start = Stopwatch.GetTimestamp();
            workers.Run(items, (item, _) => sink[item] = Vector512.IsHardwareAccelerated ? Run<Lanes512, Vector512<float>>() : Run<Lanes256, Vector256<float>>());
            best = Math.Max(best, flops / Stopwatch.GetElapsedTime(start).TotalSeconds / 1e9);
        }

        return best;
    }

    // Twelve independent chains hide the latency of a multiply-add on two units.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static float Run<TLanes, V>() where TLanes : struct, ILanes<V> where V : struct
    {
        V x = TLanes.All(0.999f), y = TLanes.All(1e-3f);
        V a = y, b = y, c = y, d = y, e = y, f = y, g = y, h = y, i = y, j = y, k = y, l = y;
        for (int step = 0; step < StepsPerItem; step++)
        {
            a = TLanes.MultiplyAdd(a, x, y);
            b = TLanes.MultiplyAdd(b, x, y);
            c = TLanes.MultiplyAdd(c, x, y);
            d = TLanes.MultiplyAdd(d, x, y);
            e = TLanes.MultiplyAdd(e, x, y);
            f = TLanes.MultiplyAdd(f, x, y);
            g = TLanes.MultiplyAdd(g, x, y);
            h = TLanes.MultiplyAdd(h, x, y);
            i = TLanes.MultiplyAdd(i, x, y);
            j = TLanes.MultiplyAdd(j, x, y);
            k = TLanes.MultiplyAdd(k, x, y);
            l = TLanes.MultiplyAdd(l, x, y);
        }

        // All of them have to be used, or the compiler would leave them out.
        V sum = TLanes.Add(TLanes.Add(TLanes.Add(a, b), TLanes.Add(c, d)), TLanes.Add(TLanes.Add(e, f), TLanes.Add(g, h)));
        sum = TLanes.Add(sum, TLanes.Add(TLanes.Add(i, j), TLanes.Add(k, l)));
        float* lanes = stackalloc float[TLanes.Count];
        TLanes.Store(sum, lanes);
        return *lanes;
    }
}
