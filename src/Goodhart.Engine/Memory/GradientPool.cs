namespace Goodhart.Engine.Memory;

/// <summary>Gradients of intermediates: lent zeroed, handed back as soon as their op ran backward, and lent again.</summary>
sealed class GradientPool
{
    readonly Dictionary<int, Stack<Memory<float>>> _free = [];

    /// <summary>Bytes ever allocated: the pool never shrinks, so also the most that were lent at once, by size class.</summary>
    public long CapacityBytes { get; private set; }

    public Memory<float> Rent(int length)
    {
        int size = AlignedMemory.RoundUp(length);
        if (_free.TryGetValue(size, out Stack<Memory<float>>? free) && free.TryPop(out Memory<float> block))
        {
            block.Span[..length].Clear();
            return block[..length];
        }

        CapacityBytes += (long)size * sizeof(float);
        return AlignedMemory.Allocate(size)[..length];
    }

    public void Return(Memory<float> lent)
    {
        int size = AlignedMemory.RoundUp(lent.Length);
        if (!_free.TryGetValue(size, out Stack<Memory<float>>? free))
            _free[size] = free = [];
        free.Push(Restore(lent, size));
    }

    // A block was rented cut to the length asked for; the array behind it still has the rounded size.
    static Memory<float> Restore(Memory<float> lent, int size)
    {
        System.Runtime.InteropServices.MemoryMarshal.TryGetArray(lent, out ArraySegment<float> segment);
        return segment.Array.AsMemory(segment.Offset, size);
    }
}
