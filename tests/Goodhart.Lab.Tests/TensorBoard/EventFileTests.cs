using System.Text;
using Goodhart.Lab.Runs;

namespace Goodhart.Lab.TensorBoard;

public sealed class EventFileTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    [Fact]
    public void Scalars_are_read_back_from_records_whose_lengths_and_checksums_hold()
    {
        using (EventFile file = new(_folder.PathOf("run"), TimeProvider.System))
        {
            file.Write(7, new MetricLine { ["step"] = 7, ["loss"] = 0.5, ["golden/forward_kl"] = -1e-3, ["law"] = double.NaN, ["hacking/verdict"] = "healthy" });
            file.Write(300, new MetricLine { ["loss"] = 1e30 });
        }

        List<Dictionary<int, List<object>>> events = Read();

        Assert.Equal("brain.Event:2", Encoding.UTF8.GetString((byte[])events[0][3][0]));
        Assert.Equal([("loss", 0.5f), ("golden/forward_kl", -1e-3f)], Scalars(events[1]));
        Assert.Equal([("loss", 1e30f)], Scalars(events[2]));
        Assert.Equal([7L, 300L], events.Skip(1).Select(e => (long)e[2][0]));
        Assert.All(events, e => Assert.InRange((double)e[1][0], 1.7e9, 1e10));
    }

    [Fact]
    public void A_run_that_goes_on_hides_what_came_after()
    {
        using (new EventFile(_folder.PathOf("run"), TimeProvider.System, firstStep: 5))
        {
        }

        Dictionary<int, List<object>> start = Read()[1];
        Assert.Equal(5L, start[2][0]);
        Assert.Equal(1L, Fields((byte[])start[7][0])[1][0]);
    }

    /// <summary>RFC 3720 B.4: the CRC-32C of 32 zero bytes is 8A9136AA.</summary>
    [Fact]
    public void The_checksum_is_that_of_the_standard() =>
        Assert.Equal(unchecked(((0x8A9136AAu >> 15) | (0x8A9136AAu << 17)) + 0xA282EAD8u), MaskedCrc.Of(new byte[32]));

    public void Dispose() => _folder.Dispose();

    List<Dictionary<int, List<object>>> Read()
    {
        using BinaryReader reader = new(File.OpenRead(Directory.GetFiles(_folder.PathOf("run")).Single()));
        List<Dictionary<int, List<object>>> events = [];
        while (reader.BaseStream.Position < reader.BaseStream.Length)
        {
            byte[] length = reader.ReadBytes(8);
            Assert.Equal(BitwiseCrc(length), reader.ReadUInt32());
            byte[] data = reader.ReadBytes((int)BitConverter.ToInt64(length));
            Assert.Equal(BitwiseCrc(data), reader.ReadUInt32());
            events.Add(Fields(data));
        }

        return events;
    }

    static List<(string, float)> Scalars(Dictionary<int, List<object>> message) =>
        [.. Fields((byte[])message[5][0])[1].Select(value => Fields((byte[])value)).Select(value => (Encoding.UTF8.GetString((byte[])value[1][0]), (float)value[2][0]))];

    static Dictionary<int, List<object>> Fields(byte[] message)
    {
        Dictionary<int, List<object>> fields = [];
        using BinaryReader reader = new(new MemoryStream(message));
        while (reader.BaseStream.Position < message.Length)
        {
            long key = reader.Read7BitEncodedInt64();
            object value = (key & 7) switch
            {
                0 => reader.Read7BitEncodedInt64(),
                1 => reader.ReadDouble(),
                2 => reader.ReadBytes(reader.Read7BitEncodedInt()),
                _ => reader.ReadSingle(),
            };
            if (!fields.TryAdd((int)(key >> 3), [value]))
                fields[(int)(key >> 3)].Add(value);
        }

        return fields;
    }

    static uint BitwiseCrc(byte[] bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte value in bytes)
        {
            crc ^= value;
            for (int bit = 0; bit < 8; bit++)
                crc = (crc & 1) != 0 ? (crc >> 1) ^ 0x82F63B78 : crc >> 1;
        }

        return unchecked(((~crc >> 15) | (~crc << 17)) + 0xA282EAD8u);
    }
}
