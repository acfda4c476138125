using System.Runtime.InteropServices;

namespace Goodhart.Engine.Memory;

/// <summary>Gradients of intermediates: lent zeroed, handed back as soon as their op ran backward, and lent again.</summary>
/// <remarks>A block serves whatever fits into it, so that batches of ever other sizes do not each leave blocks of their own behind.</remarks>
sealed class GradientPool
{
    /// <summary>The free blocks, the smallest first; of equal ones the last was used last and is taken first.</summary>
    readonly List<Memory<float>> _free = [];

    /// <summary>Bytes ever allocated: the pool never shrinks.</summary>
    public long CapacityBytes { get; private set; }

    public Memory<float> Rent(int length)
    {
        int at = FirstAbove(length - 1);
        if (at < _free.Count)
        {
            at = FirstAbove(_free[at].Length) - 1;
            Memory<float> block = _free[at][..length];
            _free.RemoveAt(at);
            block.Span.Clear();
            return block;
        }

        int size = AlignedMemory.RoundUp(length);
        CapacityBytes += (long)size * sizeof(float);
        return AlignedMemory.Allocate(size)[..length];
    }

    public void Return(Memory<float> lent)
    {
        // A block was rented cut to the length asked for; the array behind it still has the whole.
        MemoryMarshal.TryGetArray(lent, out ArraySegment<float> segment);
        Memory<float> block = segment.Array.AsMemory(segment.Offset, segment.Array!.Length - AlignedMemory.Alignment);
        _free.Insert(FirstAbove(block.Length), block);
    }

    /// <summary>The index of the first free block that is longer.</summary>
    int FirstAbove(int length)
    {
        int low = 0, high = _free.Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (_free[middle].Length > length)
                high = middle;
            else
                low = middle + 1;
        }

        return low;
    }
}
