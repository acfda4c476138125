using System.Numerics;

namespace Goodhart.Lab.TensorBoard;

/// <summary>The checksum of a TFRecord: CRC-32C (Castagnoli), rotated right by 15 bits, plus a constant.</summary>
static class MaskedCrc
{
    const uint Mask = 0xA282EAD8;

    public static uint Of(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte value in bytes)
            crc = BitOperations.Crc32C(crc, value);
        return unchecked(BitOperations.RotateRight(~crc, 15) + Mask);
    }
}
