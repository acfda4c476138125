using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Goodhart.Engine.Memory;

/// <summary>Allocates zeroed float blocks that start on a cache line and never move.</summary>
static class AlignedMemory
{
    /// <summary>Floats in a cache line of 64 bytes.</summary>
    public const int Alignment = 16;

    public static Memory<float> Allocate(int length)
    {
        float[] array = GC.AllocateArray<float>(length + Alignment, pinned: true);
        nuint address = Address(array);
        int skip = (int)((0 - address) % (Alignment * sizeof(float)) / sizeof(float));
        return array.AsMemory(skip, length);
    }

    /// <summary>The next multiple of <see cref="Alignment"/>.</summary>
    public static int RoundUp(int length) => (length + Alignment - 1) & -Alignment;

    static unsafe nuint Address(float[] pinned) =>
        (nuint)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(pinned));
}
