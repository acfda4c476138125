namespace Goodhart.Tokenizers.SentencePiece;

/// <summary>A prefix tree over bytes in the double-array form of SentencePiece's files.</summary>
/// <remarks>
/// Each unit has 32 bits: the byte that leads to it (bits 0 to 7), whether a value hangs below it (8), and the exclusive or
/// that leads to its children (10 to 30, times 256 where bit 9 is set); a value has bit 31. Every index is checked, since a
/// file can lie.
/// </remarks>
sealed class DoubleArrayTrie(uint[] units)
{
    /// <summary>The longest key that some bytes begin with: its length (0 where there is none) and value.</summary>
    public (int Length, int Value) LongestPrefix(ReadOnlySpan<byte> bytes) => Prefix(bytes, shortest: false);

    /// <summary>The shortest.</summary>
    public (int Length, int Value) ShortestPrefix(ReadOnlySpan<byte> bytes) => Prefix(bytes, shortest: true);

    (int Length, int Value) Prefix(ReadOnlySpan<byte> bytes, bool shortest)
    {
        (int length, int value) = (0, 0);
        uint at = OffsetOf(Unit(0));
        for (int i = 0; i < bytes.Length; i++)
        {
            at ^= bytes[i];
            uint unit = Unit(at);
            if ((unit & 0x800000FF) != bytes[i])
                break;

            at ^= OffsetOf(unit);
            if ((unit & 0x100) == 0)
                continue;

            (length, value) = (i + 1, (int)(Unit(at) & 0x7FFFFFFF));
            if (shortest)
                break;
        }

        return (length, value);
    }

    // Beyond the end lies nothing: no byte leads there.
    uint Unit(uint at) => at < units.Length ? units[at] : 0x80000000;

    static uint OffsetOf(uint unit) => (unit >> 10) << (int)((unit & 0x200) >> 6);
}
