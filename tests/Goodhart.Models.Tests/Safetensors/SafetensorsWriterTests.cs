using System.Buffers.Binary;
using System.Text;
using FsCheck.Xunit;
using Goodhart.Models.Checkpoints;
using Goodhart.Models.Safetensors;
using Goodhart.Models.Tests.Checkpoints;

namespace Goodhart.Models.Tests.Safetensors;

public sealed class SafetensorsWriterTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    string ModelPath => _folder["model.safetensors"];

    [Fact]
    public void The_bytes_are_those_of_the_format()
    {
        SafetensorsWriter.Write(ModelPath, [new("b", [1, 2], new float[] { 1, -2 }), new("a", [], new float[] { 0.5f })]);

        byte[] bytes = File.ReadAllBytes(ModelPath);
        string json = """
            {"__metadata__":{"format":"pt"},"b":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]},"a":{"dtype":"F32","shape":[],"data_offsets":[8,12]}}
            """;
        int headerLength = (int)BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        Assert.Equal(0, headerLength % 8);
        Assert.InRange(headerLength - json.Length, 0, 7);
        Assert.Equal(json.PadRight(headerLength), Encoding.UTF8.GetString(bytes, 8, headerLength));
        Assert.Equal([0, 0, 128, 63, 0, 0, 0, 192, 0, 0, 0, 63], bytes[(8 + headerLength)..]);
    }

    [Property]
    public bool What_was_written_is_read_back(float[] values, string name, Dictionary<string, string> metadata)
    {
        float[] finite = [.. values.Where(float.IsFinite)];
        name = WellFormed("weight " + name);
        Dictionary<string, string> strings = metadata
            .GroupBy(pair => WellFormed(pair.Key))
            .ToDictionary(group => group.Key, group => WellFormed(group.First().Value));

        SafetensorsWriter.Write(ModelPath, [new(name, [1, finite.Length], finite), new("z", [0], Array.Empty<float>())], strings);
        using SafetensorsFile file = SafetensorsFile.Open(ModelPath);
        float[] read = new float[finite.Length];
        file.Read(name, read);

        return read.AsSpan().SequenceEqual(finite)
            && file.Metadata.OrderBy(pair => pair.Key).SequenceEqual(strings.OrderBy(pair => pair.Key));
    }

    [Property]
    public bool Bfloat16_is_the_nearest_and_the_even_one_of_two(float value)
    {
        float bounded = float.IsFinite(value) ? value % 1e38f : 1;

        float read = ThroughBFloat16(bounded);

        float below = BitConverter.UInt32BitsToSingle(BitConverter.SingleToUInt32Bits(bounded) & 0xFFFF0000);
        float above = BitConverter.UInt32BitsToSingle((BitConverter.SingleToUInt32Bits(bounded) & 0xFFFF0000) + 0x10000);
        double toBelow = Math.Abs((double)bounded - below), toAbove = Math.Abs((double)bounded - above);
        bool belowIsEven = (BitConverter.SingleToUInt32Bits(below) & 0x10000) == 0;
        return read == (toBelow < toAbove || (toBelow == toAbove && belowIsEven) ? below : above);
    }

    [Theory]
    [InlineData(0x3F808000, 0x3F800000)] // a tie goes down to the even neighbour
    [InlineData(0x3F818000, 0x3F820000)] // and up to it
    [InlineData(0x3F808001, 0x3F810000)]
    [InlineData(0x00000001, 0x00000000)]
    [InlineData(0x00018000, 0x00020000)] // subnormal
    [InlineData(0x80000000, 0x80000000)] // minus zero
    public void Bfloat16_ties_go_to_even(uint bits, uint expected) =>
        Assert.Equal(expected, BitConverter.SingleToUInt32Bits(ThroughBFloat16(BitConverter.UInt32BitsToSingle(bits))));

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    public void A_value_that_is_not_finite_is_refused_by_name_and_the_old_file_stays(float bad)
    {
        SafetensorsWriter.Write(ModelPath, [new("w", [1], new float[] { 7 })]);
        byte[] before = File.ReadAllBytes(ModelPath);

        CheckpointException error = Assert.Throws<CheckpointException>(() =>
            SafetensorsWriter.Write(ModelPath, [new("fine", [1], new float[] { 1 }), new("w", [3], new[] { 1, bad, 1 })]));

        Assert.Contains($"not written, 'w' has {bad} at element 1, which is not a finite F32", error.Message);
        Assert.Equal(before, File.ReadAllBytes(ModelPath));
        Assert.Equal(["model.safetensors"], _folder.FileNames);
    }

    [Fact]
    public void A_value_that_bfloat16_would_make_infinite_is_refused()
    {
        CheckpointException error = Assert.Throws<CheckpointException>(() => ThroughBFloat16(float.MaxValue));

        Assert.Contains("'w' has 3.4028235E+38 at element 0, which is not a finite BF16", error.Message);
        Assert.Empty(_folder.FileNames);
    }

    [Fact]
    public void A_tensor_larger_than_one_chunk_is_whole()
    {
        float[] values = [.. Enumerable.Range(0, (1 << 15) + 3).Select(i => (float)i)];

        SafetensorsWriter.Write(ModelPath, [new("w", [values.Length], values)], type: SafetensorsType.BF16);
        using SafetensorsFile file = SafetensorsFile.Open(ModelPath);
        float[] read = new float[values.Length];
        file.Read("w", read);

        for (int i = 0; i < values.Length; i++)
            Assert.InRange(read[i], values[i] * (1 - 1f / 256), values[i] * (1 + 1f / 256));
    }

    [Fact]
    public void Callers_mistakes_are_argument_errors()
    {
        Assert.Throws<ArgumentException>(() => SafetensorsWriter.Write(ModelPath, [new("w", [2, 2], new float[3])]));
        Assert.Throws<ArgumentException>(() => SafetensorsWriter.Write(ModelPath, [new("w", [-1, -1], new float[1])]));
        Assert.Throws<ArgumentException>(() => SafetensorsWriter.Write(ModelPath, [new("__metadata__", [1], new float[1])]));
        Assert.Throws<ArgumentException>(() =>
            SafetensorsWriter.Write(ModelPath, [new("w", [1], new float[1]), new("w", [1], new float[1])]));
        Assert.Throws<ArgumentException>(() => SafetensorsWriter.Write(ModelPath, [], type: SafetensorsType.F16));
        Assert.Empty(_folder.FileNames);
    }

    public void Dispose() => _folder.Dispose();

    float ThroughBFloat16(float value)
    {
        SafetensorsWriter.Write(ModelPath, [new("w", [1], new[] { value })], type: SafetensorsType.BF16);
        using SafetensorsFile file = SafetensorsFile.Open(ModelPath);
        float[] read = new float[1];
        file.Read("w", read);
        return read[0];
    }

    /// <summary>Generated text may have halves of surrogate pairs, which UTF-8 cannot express.</summary>
    static string WellFormed(string? text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text ?? ""));
}
