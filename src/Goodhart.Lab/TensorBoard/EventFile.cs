using System.Buffers.Binary;
using System.Globalization;
using Goodhart.Lab.Runs;

namespace Goodhart.Lab.TensorBoard;

/// <summary>A file of scalars that TensorBoard shows: protobuf events in TFRecords (length, its checksum, event, its checksum).</summary>
public sealed class EventFile : IDisposable
{
    // Field numbers of tensorflow.Event, Summary, Summary.Value and SessionLog.
    const int WallTime = 1, Step = 2, FileVersion = 3, EventSummary = 5, EventSessionLog = 7;
    const int SummaryValue = 1, Tag = 1, SimpleValue = 2, Status = 1, Start = 1;

    readonly FileStream _file;
    readonly TimeProvider _time;

    /// <summary>Makes a new file in a folder, made if absent.</summary>
    /// <param name="directory">TensorBoard reads all event files of a folder as one run.</param>
    /// <param name="time">The clock.</param>
    /// <param name="firstStep">Where a run that was interrupted goes on: what earlier files have from there on is no longer shown. Default 0.</param>
    public EventFile(string directory, TimeProvider time, long firstStep = 0)
    {
        _time = time;
        Directory.CreateDirectory(directory);
        string name = string.Create(CultureInfo.InvariantCulture, $"events.out.tfevents.{time.GetUtcNow().ToUnixTimeMilliseconds()}.{Environment.ProcessId}.goodhart");
        _file = new FileStream(Path.Combine(directory, name), FileMode.CreateNew, FileAccess.Write, FileShare.Read);
        Write(Event().Text(FileVersion, "brain.Event:2"));
        if (firstStep > 0)
            Write(Event().Integer(Step, firstStep).Message(EventSessionLog, new ProtoWriter().Integer(Status, Start)));
    }

    /// <summary>Adds the finite numbers of a line under their names and flushes them.</summary>
    /// <param name="step">Of the line.</param>
    /// <param name="line">Texts, and the step itself, are left out.</param>
    public void Write(long step, MetricLine line)
    {
        ProtoWriter summary = new();
        foreach ((string name, MetricValue value) in line)
        {
            if (double.IsFinite(value.Number) && name != "step")
                summary.Message(SummaryValue, new ProtoWriter().Text(Tag, name).Float(SimpleValue, (float)value.Number));
        }

        Write(Event().Integer(Step, step).Message(EventSummary, summary));
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => _file.Dispose();

    ProtoWriter Event() => new ProtoWriter().Double(WallTime, _time.GetUtcNow().ToUnixTimeMilliseconds() / 1000.0);

    void Write(ProtoWriter message)
    {
        Span<byte> length = stackalloc byte[sizeof(long)], crc = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteInt64LittleEndian(length, message.Written.Length);
        _file.Write(length);
        BinaryPrimitives.WriteUInt32LittleEndian(crc, MaskedCrc.Of(length));
        _file.Write(crc);
        _file.Write(message.Written);
        BinaryPrimitives.WriteUInt32LittleEndian(crc, MaskedCrc.Of(message.Written));
        _file.Write(crc);
        _file.Flush();
    }
}
