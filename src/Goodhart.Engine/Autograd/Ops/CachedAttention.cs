using Goodhart.Engine.Kernels;
using Goodhart.Engine.Tensors;

namespace Goodhart.Engine.Autograd;

public sealed partial class Tape
{
    /// <summary>Causal attention of new rows over what their slots remember; the new keys and values are remembered too.</summary>
    /// <remarks>For generation: it cannot be recorded. Several rows for a slot at once only while the slot is empty.</remarks>
    /// <param name="q">[S T, H D]: T new tokens for each of S sequences.</param>
    /// <param name="k">[S T, K D].</param>
    /// <param name="v">[S T, K D].</param>
    /// <param name="cache">Of this layer.</param>
    /// <param name="slots">S slots of the cache, each once.</param>
    /// <param name="heads">H.</param>
    /// <returns>[S T, H D].</returns>
    public Tensor CachedAttention(Tensor q, Tensor k, Tensor v, AttentionCache cache, ReadOnlyMemory<int> slots, int heads)
    {
        Throw.Unless(!IsRecording, "CachedAttention: has no backward pass; use a tape that does not record.");
        int time = q.Shape.Rows / slots.Length, keyHeads = cache.Shape.KeyHeads, size = cache.Shape.HeadSize;
        Throw.UnlessShape(nameof(CachedAttention), q, new Shape(slots.Length * time, heads * size), nameof(q));
        Throw.UnlessShape(nameof(CachedAttention), k, new Shape(slots.Length * time, keyHeads * size), nameof(k));
        Throw.UnlessShape(nameof(CachedAttention), v, k.Shape, nameof(v));

        foreach (int slot in slots.Span)
            Throw.Unless(time == 1 || cache.Length(slot) == 0, $"CachedAttention: slot {slot} should be empty to take {time} rows at once.");
        StartOp();
        for (int n = 0; n < slots.Length; n++)
            cache.Append(slots.Span[n], k.Rows(n * time, time), v.Rows(n * time, time), time);
        if (time > 1)
            return CausalAttention(q, k, v, time, heads, keyHeads, cache.Shape.Window);

        Tensor o = new(_arena.Take(q.Shape.Length), q.Shape, requiresGradient: false);
        var mark = _arena.Mark();
        int length = cache.Shape.PaddedTime;
        Memory<float> scratch = _arena.Take(length * _workers.Count);
        const int Grain = 8;
        _workers.Run((slots.Length + Grain - 1) / Grain, (item, worker) =>
        {
            Span<float> scores = scratch.Span.Slice(worker * length, length);
            for (int n = item * Grain; n < Math.Min(slots.Length, (item + 1) * Grain); n++)
                AttendOne(q.Row(n), o.Row(n), cache, slots.Span[n], heads / keyHeads, scores);
        });
        _arena.Rewind(mark);
        _workers.Profile?.Add(nameof(CachedAttention), _opStarted, isBackward: false);
        return o;
    }

    static void AttendOne(ReadOnlySpan<float> q, Span<float> o, AttentionCache cache, int slot, int group, Span<float> scores)
    {
        int size = cache.Shape.HeadSize;
        for (int head = 0; head < q.Length / size; head++)
        {
            CachedAttentionKernel.Forward(
                q.Slice(head * size, size), cache.Keys(slot, head / group), cache.Values(slot, head / group), o.Slice(head * size, size),
                scores, cache.Shape, cache.Length(slot));
        }
    }
}
