using Goodhart.Engine.Kernels;
using Goodhart.Engine.Memory;

namespace Goodhart.Engine.Autograd;

/// <summary>Keys and values of one layer, remembered for sequences that grow a token at a time.</summary>
/// <remarks>Keys lie [D, T] and values [T, D] for each slot and head, so that attention reads both in order.</remarks>
public sealed class AttentionCache
{
    readonly Memory<float> _keys, _values;
    readonly int[] _lengths;

    /// <param name="slots">Sequences it has room for.</param>
    /// <param name="capacity">Tokens that each may have.</param>
    /// <param name="keyHeads">K.</param>
    /// <param name="headSize">D.</param>
    /// <param name="window">Keys that a query sees, its own among them.</param>
    public AttentionCache(int slots, int capacity, int keyHeads, int headSize, int window = int.MaxValue)
    {
        Shape = new AttentionShape(capacity, keyHeads, keyHeads, headSize) { Window = window };
        _keys = AlignedMemory.Allocate(checked(slots * keyHeads * Shape.PaddedHead * Shape.PaddedTime));
        _values = AlignedMemory.Allocate(_keys.Length);
        _lengths = new int[slots];
    }

    /// <summary>Sequences it has room for.</summary>
    public int Slots => _lengths.Length;

    /// <summary>Tokens that each may have.</summary>
    public int Capacity => Shape.Time;

    internal AttentionShape Shape { get; }

    /// <summary>Tokens remembered for a slot.</summary>
    public int Length(int slot) => _lengths[slot];

    /// <summary>Forgets a slot's tokens.</summary>
    public void Clear(int slot) => _lengths[slot] = 0;

    /// <summary>Lets a slot remember what another does.</summary>
    public void Copy(int from, int to)
    {
        int length = _lengths[to] = _lengths[from];
        for (int head = 0; head < Shape.KeyHeads; head++)
        {
            for (int d = 0; d < Shape.HeadSize; d++)
                Keys(from, head).Slice(d * Shape.PaddedTime, length).CopyTo(Keys(to, head)[(d * Shape.PaddedTime)..]);
            Values(from, head)[..(length * Shape.PaddedHead)].CopyTo(Values(to, head));
        }
    }

    internal Span<float> Keys(int slot, int head) => Block(_keys, slot, head);

    internal Span<float> Values(int slot, int head) => Block(_values, slot, head);

    /// <summary>Appends <paramref name="count"/> rows of k and v, [count, K D] each, to a slot.</summary>
    internal void Append(int slot, ReadOnlySpan<float> k, ReadOnlySpan<float> v, int count)
    {
        int size = Shape.HeadSize, columns = Shape.KeyHeads * size, from = _lengths[slot];
        Throw.Unless(from + count <= Capacity, $"AttentionCache: slot {slot} should have at most {Capacity} tokens, got {from + count}.");
        for (int head = 0; head < Shape.KeyHeads; head++)
        {
            Span<float> keys = Keys(slot, head), values = Values(slot, head);
            for (int t = 0; t < count; t++)
            {
                ReadOnlySpan<float> key = k.Slice(t * columns + head * size, size);
                for (int d = 0; d < size; d++)
                    keys[d * Shape.PaddedTime + from + t] = key[d];
                v.Slice(t * columns + head * size, size).CopyTo(values[((from + t) * Shape.PaddedHead)..]);
            }
        }

        _lengths[slot] = from + count;
    }

    Span<float> Block(Memory<float> all, int slot, int head)
    {
        int length = Shape.PaddedHead * Shape.PaddedTime;
        return all.Span.Slice((slot * Shape.KeyHeads + head) * length, length);
    }
}
