namespace Goodhart.Engine.Memory;

/// <summary>Owns the intermediates of one step: a stack of floats, handed out by moving a pointer and taken back all at once.</summary>
/// <remarks>What it hands out is not zeroed. Not thread-safe: each tape has its own.</remarks>
public sealed class Arena
{
    const int ChunkLength = 1 << 20;

    readonly List<Memory<float>> _chunks = [];
    int _chunk = -1;
    int _used;
    long _inEarlierChunks;

    /// <summary>The most bytes that were in use at once.</summary>
    public long PeakBytes { get; private set; }

    /// <summary>Bytes held, in use or not.</summary>
    public long CapacityBytes { get; private set; }

    /// <summary>Hands out <paramref name="length"/> floats, aligned to 64 bytes, with whatever they last held.</summary>
    public Memory<float> Take(int length)
    {
        int rounded = AlignedMemory.RoundUp(length);
        while (_chunk < 0 || _used + rounded > _chunks[_chunk].Length)
            NextChunk(rounded);

        Memory<float> taken = _chunks[_chunk].Slice(_used, length);
        _used += rounded;
        PeakBytes = Math.Max(PeakBytes, (_inEarlierChunks + _used) * sizeof(float));
        return taken;
    }

    /// <summary>The present height of the stack, for <see cref="Rewind"/>.</summary>
    public ArenaMark Mark() => new(_chunk, _used, _inEarlierChunks);

    /// <summary>Takes back everything handed out since <paramref name="mark"/>.</summary>
    public void Rewind(ArenaMark mark) => (_chunk, _used, _inEarlierChunks) = (mark.Chunk, mark.Used, mark.InEarlierChunks);

    /// <summary>Takes everything back; the memory is kept for the next step.</summary>
    public void Reset() => Rewind(new ArenaMark(-1, 0, 0));

    void NextChunk(int atLeast)
    {
        _inEarlierChunks += _used;
        _chunk++;
        _used = 0;
        if (_chunk < _chunks.Count && _chunks[_chunk].Length >= atLeast)
            return;

        int length = Math.Max(ChunkLength, atLeast);
        _chunks.Insert(_chunk, AlignedMemory.Allocate(length));
        CapacityBytes += (long)length * sizeof(float);
    }
}

/// <summary>A height of an <see cref="Arena"/>'s stack.</summary>
public readonly record struct ArenaMark
{
    internal ArenaMark(int chunk, int used, long inEarlierChunks) => (Chunk, Used, InEarlierChunks) = (chunk, used, inEarlierChunks);

    internal int Chunk { get; }

    internal int Used { get; }

    internal long InEarlierChunks { get; }
}
