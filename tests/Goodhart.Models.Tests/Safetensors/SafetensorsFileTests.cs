using System.Runtime.InteropServices;
using Goodhart.Models.Checkpoints;
using Goodhart.Models.Safetensors;
using Goodhart.Models.Tests.Checkpoints;

namespace Goodhart.Models.Tests.Safetensors;

public sealed class SafetensorsFileTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    [Fact]
    public void Every_half_is_widened_exactly()
    {
        ushort[] bits = [.. Enumerable.Range(0, 65536).Select(i => (ushort)i)];
        using SafetensorsFile file = Open(
            """{"a":{"dtype":"F16","shape":[256,256],"data_offsets":[0,131072]}}""", MemoryMarshal.AsBytes(bits.AsSpan()).ToArray());

        float[] values = new float[65536];
        file.Read("a", values);

        for (int i = 0; i < values.Length; i++)
            Assert.Equal(ValueOfHalf(i), values[i]);
    }

    [Fact]
    public void Every_bfloat16_is_widened_exactly()
    {
        ushort[] bits = [.. Enumerable.Range(0, 65536).Select(i => (ushort)i)];
        using SafetensorsFile file = Open(
            """{"a":{"dtype":"BF16","shape":[65536],"data_offsets":[0,131072]}}""", MemoryMarshal.AsBytes(bits.AsSpan()).ToArray());

        float[] values = new float[65536];
        file.Read("a", values);

        for (int i = 0; i < values.Length; i++)
            Assert.Equal((uint)i << 16, BitConverter.SingleToUInt32Bits(values[i]));
    }

    [Fact]
    public void A_tensor_larger_than_one_read_is_whole()
    {
        const int Count = (1 << 18) + 5;
        ushort[] bits = [.. Enumerable.Range(0, Count).Select(i => (ushort)(i % 0x7F80))];
        using SafetensorsFile file = Open(
            $$$"""{"a":{"dtype":"BF16","shape":[{{{Count}}}],"data_offsets":[0,{{{2 * Count}}}]}}""", MemoryMarshal.AsBytes(bits.AsSpan()).ToArray());

        float[] values = new float[Count];
        file.Read("a", values);

        Assert.Equal(bits.Select(half => BitConverter.UInt32BitsToSingle((uint)half << 16)), values);
    }

    [Fact]
    public void Tensors_may_be_listed_in_any_order_and_one_may_be_a_single_number_or_empty()
    {
        using SafetensorsFile file = Open(
            """
            {"last":{"dtype":"F32","shape":[1,1],"data_offsets":[4,8]},
             "empty":{"dtype":"F32","shape":[3,0],"data_offsets":[4,4]},
             "scalar":{"dtype":"F32","shape":[],"data_offsets":[0,4],"later_key":[{}]}}
            """,
            [0, 0, 128, 63, 0, 0, 0, 192]);

        float[] scalar = new float[1], last = new float[1];
        file.Read("scalar", scalar);
        file.Read("last", last);
        file.Read("empty", []);

        Assert.Equal(1f, scalar[0]);
        Assert.Equal(-2f, last[0]);
        Assert.Equal([3L, 0L], file.Entries["empty"].Shape);
    }

    [Fact]
    public void A_file_without_tensors_is_fine()
    {
        using SafetensorsFile file = Open("""{"__metadata__":{"format":"pt","by":"Zoë"}}  """, []);

        Assert.Empty(file.Entries);
        Assert.Equal("Zoë", file.Metadata["by"]);
    }

    [Theory]
    [InlineData("F64", 8)]
    [InlineData("I64", 8)]
    [InlineData("I8", 1)]
    [InlineData("BOOL", 1)]
    [InlineData("F8_E4M3", 1)]
    public void A_tensor_of_another_type_is_listed_but_reading_it_is_refused(string dtype, int bytes)
    {
        using SafetensorsFile file = Open(
            $$$"""{"a":{"dtype":"{{{dtype}}}","shape":[1],"data_offsets":[0,{{{bytes}}}]}}""", new byte[bytes]);

        CheckpointException error = Assert.Throws<CheckpointException>(() => file.Read("a", new float[1]));

        Assert.EndsWith($"'a' is {dtype} [1]. Export the model as F32, F16 or BF16.", error.Message);
    }

    [Fact]
    public void Every_type_is_known_by_its_own_name()
    {
        foreach (SafetensorsType type in Enum.GetValues<SafetensorsType>())
        {
            Assert.Equal(type, SafetensorsTypes.Parse(type.HeaderName()));
            Assert.Equal(type.ToString(), type.HeaderName().Replace("_", ""), ignoreCase: true);
        }
    }

    public void Dispose() => _folder.Dispose();

    SafetensorsFile Open(string header, byte[] data) =>
        SafetensorsFile.Open(_folder.WriteSafetensors("model.safetensors", header, data));

    /// <summary>The definition of IEEE binary16, in double arithmetic.</summary>
    static float ValueOfHalf(int bits)
    {
        int exponent = (bits >> 10) & 31;
        int fraction = bits & 1023;
        double magnitude = exponent switch
        {
            0 => fraction * Math.Pow(2, -24),
            31 => fraction == 0 ? double.PositiveInfinity : double.NaN,
            _ => (1024 + fraction) * Math.Pow(2, exponent - 25),
        };
        return (float)(bits >> 15 == 0 ? magnitude : -magnitude);
    }
}
