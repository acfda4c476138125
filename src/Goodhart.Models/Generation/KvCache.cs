using Goodhart.Engine.Autograd;

namespace Goodhart.Models.Generation;

/// <summary>What every layer remembers of the sequences that are being generated.</summary>
public sealed class KvCache
{
    readonly AttentionCache[] _layers;

    /// <param name="layers">One for each layer, all of the same slots and capacity.</param>
    public KvCache(IReadOnlyList<AttentionCache> layers) => _layers = [.. layers];

    /// <summary>Sequences at once.</summary>
    public int Slots => _layers[0].Slots;

    /// <summary>Tokens of the longest sequence.</summary>
    public int Capacity => _layers[0].Capacity;

    /// <summary>Which slot each sequence of the next batch continues.</summary>
    public ReadOnlyMemory<int> ActiveSlots { get; set; }

    internal AttentionCache Layer(int index) => _layers[index];

    /// <summary>Tokens remembered for a slot.</summary>
    public int Length(int slot) => _layers[0].Length(slot);

    /// <summary>Makes room for other sequences.</summary>
    public void Clear()
    {
        for (int slot = 0; slot < Slots; slot++)
            Clear(slot);
    }

    /// <summary>Makes room for another sequence.</summary>
    public void Clear(int slot)
    {
        foreach (AttentionCache layer in _layers)
            layer.Clear(slot);
    }

    /// <summary>Lets an empty slot remember what another does.</summary>
    public void Copy(int from, int to)
    {
        foreach (AttentionCache layer in _layers)
            layer.Copy(from, to);
    }
}
