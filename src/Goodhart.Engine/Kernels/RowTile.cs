using System.Runtime.CompilerServices;
using Goodhart.Engine.Kernels.Simd;

namespace Goodhart.Engine.Kernels;

/// <summary>The micro-kernel of a single row, as when one sequence is generated: no register is spent on rows that do not exist.</summary>
/// <remarks>Up to four panels at a time, since the two vectors of one would wait for each other's latency. The sums are those of the six-row tiles, bit for bit.</remarks>
static unsafe class RowTile<TLanes, V>
    where TLanes : struct, ILanes<V>
    where V : struct
{
    /// <summary>Panels that are taken at once, at most.</summary>
    public const int MostPanels = 4;

    /// <summary>How many of the panels left to take at once.</summary>
    public static int Take(int panels) => panels >= 4 ? 4 : panels >= 2 ? 2 : 1;

    /// <param name="panels">One, two or four.</param>
    /// <param name="a">[terms].</param>
    /// <param name="aStep">Floats from one term to the next.</param>
    /// <param name="b">The first panel, [terms, 2 lanes].</param>
    /// <param name="panel">Floats from a panel to the next.</param>
    /// <param name="terms">Terms of each sum.</param>
    /// <param name="c">[panels, 2 lanes].</param>
    /// <param name="add">Whether C is added to.</param>
    public static void Multiply(int panels, float* a, nint aStep, float* b, nint panel, nint terms, float* c, bool add)
    {
        if (panels == 4)
            Four(a, aStep, b, panel, terms, c, add);
        else if (panels == 2)
            Two(a, aStep, b, panel, terms, c, add);
        else
            One(a, aStep, b, terms, c, add);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Four(float* a, nint aStep, float* b, nint panel, nint terms, float* c, bool add)
    {
        V c0 = default, c1 = default, c2 = default, c3 = default, c4 = default, c5 = default, c6 = default, c7 = default;
        float* b1 = b + panel, b2 = b1 + panel, b3 = b2 + panel;
        nint at = 0;
        for (nint k = 0; k < terms; k++, a += aStep, at += 2 * TLanes.Count)
        {
            V x = TLanes.All(*a);
            c0 = TLanes.MultiplyAdd(x, TLanes.Load(b + at), c0);
            c1 = TLanes.MultiplyAdd(x, TLanes.Load(b + at + TLanes.Count), c1);
            c2 = TLanes.MultiplyAdd(x, TLanes.Load(b1 + at), c2);
            c3 = TLanes.MultiplyAdd(x, TLanes.Load(b1 + at + TLanes.Count), c3);
            c4 = TLanes.MultiplyAdd(x, TLanes.Load(b2 + at), c4);
            c5 = TLanes.MultiplyAdd(x, TLanes.Load(b2 + at + TLanes.Count), c5);
            c6 = TLanes.MultiplyAdd(x, TLanes.Load(b3 + at), c6);
            c7 = TLanes.MultiplyAdd(x, TLanes.Load(b3 + at + TLanes.Count), c7);
        }

        Store(c0, c1, c, add);
        Store(c2, c3, c + 2 * TLanes.Count, add);
        Store(c4, c5, c + 4 * TLanes.Count, add);
        Store(c6, c7, c + 6 * TLanes.Count, add);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Two(float* a, nint aStep, float* b, nint panel, nint terms, float* c, bool add)
    {
        V c0 = default, c1 = default, c2 = default, c3 = default;
        float* b1 = b + panel;
        nint at = 0;
        for (nint k = 0; k < terms; k++, a += aStep, at += 2 * TLanes.Count)
        {
            V x = TLanes.All(*a);
            c0 = TLanes.MultiplyAdd(x, TLanes.Load(b + at), c0);
            c1 = TLanes.MultiplyAdd(x, TLanes.Load(b + at + TLanes.Count), c1);
            c2 = TLanes.MultiplyAdd(x, TLanes.Load(b1 + at), c2);
            c3 = TLanes.MultiplyAdd(x, TLanes.Load(b1 + at + TLanes.Count), c3);
        }

        Store(c0, c1, c, add);
        Store(c2, c3, c + 2 * TLanes.Count, add);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void One(float* a, nint aStep, float* b, nint terms, float* c, bool add)
    {
        V c0 = default, c1 = default;
        for (nint k = 0; k < terms; k++, a += aStep, b += 2 * TLanes.Count)
        {
            V x = TLanes.All(*a);
            c0 = TLanes.MultiplyAdd(x, TLanes.Load(b), c0);
            c1 = TLanes.MultiplyAdd(x, TLanes.Load(b + TLanes.Count), c1);
        }

        Store(c0, c1, c, add);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Store(V left, V right, float* c, bool add)
    {
        TLanes.Store(add ? TLanes.Add(left, TLanes.Load(c)) : left, c);
        TLanes.Store(add ? TLanes.Add(right, TLanes.Load(c + TLanes.Count)) : right, c + TLanes.Count);
    }
}
