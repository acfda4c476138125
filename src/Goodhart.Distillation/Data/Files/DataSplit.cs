using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Goodhart.Distillation.Data.Files;

/// <summary>Lines to train on and prompts to measure on, of which none is among the former.</summary>
/// <param name="Training">Indices into the file.</param>
/// <param name="HeldOut">Indices into the file; one line a prompt, all others of that prompt are in neither part.</param>
public sealed record DataSplit(IReadOnlyList<int> Training, IReadOnlyList<int> HeldOut)
{
    /// <summary>Holds out whole prompts; which ones depends on the prompts and the seed, not on their order.</summary>
    /// <param name="file">The data.</param>
    /// <param name="heldOutPrompts">How many different prompts to hold out.</param>
    /// <param name="seed">Of the run.</param>
    /// <exception cref="CorpusException">Too few different prompts.</exception>
    public static DataSplit ByPrompt(DataFile file, int heldOutPrompts, long seed)
    {
        Dictionary<UInt128, int> first = [];
        for (int i = 0; i < file.Count; i++)
            first.TryAdd(file.Key(i), i);
        if (heldOutPrompts >= first.Count)
        {
            throw new CorpusException(
                $"{file.Path}: has {first.Count} different prompts, and {heldOutPrompts} are to be held out. Add prompts, or lower data.held_out_prompts.");
        }

        HashSet<UInt128> held = [.. first.Keys.OrderBy(key => Rank(key, seed)).Take(heldOutPrompts)];
        return new DataSplit(
            [.. Enumerable.Range(0, file.Count).Where(i => !held.Contains(file.Key(i)))],
            [.. held.Select(key => first[key]).Order()]);
    }

    static UInt128 Rank(UInt128 key, long seed)
    {
        Span<byte> bytes = stackalloc byte[24], hash = stackalloc byte[SHA256.HashSizeInBytes];
        BinaryPrimitives.WriteUInt128LittleEndian(bytes, key);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[16..], seed);
        SHA256.HashData(bytes, hash);
        return BinaryPrimitives.ReadUInt128LittleEndian(hash);
    }
}
