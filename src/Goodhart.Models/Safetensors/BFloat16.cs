namespace Goodhart.Models.Safetensors;

/// <summary>The upper half of a float32: same exponent, 7 bits of fraction.</summary>
static class BFloat16
{
    /// <summary>Exact: every bfloat16 is a float32.</summary>
    public static float Widen(ushort bits) => BitConverter.UInt32BitsToSingle((uint)bits << 16);

    /// <summary>Rounds a finite value to the nearest, ties to even; beyond the largest bfloat16 that is an infinity.</summary>
    public static ushort Round(float value)
    {
        uint bits = BitConverter.SingleToUInt32Bits(value);
        uint lowestKeptBit = (bits >> 16) & 1;
        return (ushort)((bits + 0x7FFF + lowestKeptBit) >> 16);
    }
}
