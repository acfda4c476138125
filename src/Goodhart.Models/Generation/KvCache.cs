using Goodhart.Engine.Autograd;
using Goodhart.Models.Architectures.Llama;

namespace Goodhart.Models.Generation;

/// <summary>What every layer remembers of the sequences that are being generated.</summary>
public sealed class KvCache
{
    readonly AttentionCache[] _layers;

    /// <param name="config">Of the model.</param>
    /// <param name="slots">Sequences at once.</param>
    /// <param name="capacity">Tokens of the longest sequence.</param>
    public KvCache(LlamaConfig config, int slots, int capacity) =>
        _layers = [.. Enumerable.Range(0, config.NumHiddenLayers)
            .Select(_ => new AttentionCache(slots, capacity, config.NumKeyValueHeads, config.HeadDim))];

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
