using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;
using Goodhart.Models.Checkpoints;

namespace Goodhart.Models.Safetensors;

/// <summary>Writes safetensors files that Hugging Face's libraries load.</summary>
public static class SafetensorsWriter
{
    const int Alignment = 8;
    const int ChunkElements = 1 << 15;

    static readonly IReadOnlyDictionary<string, string> PyTorch = new Dictionary<string, string> { ["format"] = "pt" };

    /// <summary>Writes the tensors in the order given, all of them or, on failure, no file at all.</summary>
    /// <param name="path">The file, replaced if it exists.</param>
    /// <param name="tensors">Finite values under different names.</param>
    /// <param name="metadata">Free-form strings; by default format: pt, which Hugging Face asks for.</param>
    /// <param name="type">F32, or BF16, which rounds to the nearest, ties to even. Default F32.</param>
    /// <exception cref="CheckpointException">A value is not finite, or is too large for BF16.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write(
        string path,
        IReadOnlyList<NamedTensor> tensors,
        IReadOnlyDictionary<string, string>? metadata = null,
        SafetensorsType type = SafetensorsType.F32)
    {
        if (type is not (SafetensorsType.F32 or SafetensorsType.BF16))
            throw new ArgumentException($"Writes F32 or BF16, not {type}.", nameof(type));

        foreach (NamedTensor tensor in tensors)
            Check(path, tensor, type);

        byte[] header = Header(tensors, metadata ?? PyTorch, type);
        AtomicFile.Write(path, stream =>
        {
            stream.Write(header);
            foreach (NamedTensor tensor in tensors)
                WriteValues(stream, tensor.Values.Span, type);
        });
    }

    /// <summary>Refuses what must not be written.</summary>
    internal static void Check(string path, NamedTensor tensor, SafetensorsType type)
    {
        Int128 count = tensor.Shape.Aggregate((Int128)1, (product, size) => product * size);
        if (count != tensor.Values.Length || tensor.Shape.Any(size => size < 0))
        {
            throw new ArgumentException(
                $"'{tensor.Name}' is [{string.Join(", ", tensor.Shape)}] but has {tensor.Values.Length} values.");
        }

        ReadOnlySpan<float> values = tensor.Values.Span;
        for (int i = 0; i < values.Length; i++)
        {
            float stored = type == SafetensorsType.BF16 ? BFloat16.Widen(BFloat16.Round(values[i])) : values[i];
            if (!float.IsFinite(values[i]) || !float.IsFinite(stored))
            {
                throw new CheckpointException(
                    $"{path}: not written, '{tensor.Name}' has {values[i]} at element {i}, which is not a finite {type}.");
            }
        }
    }

    /// <summary>The length, the JSON and spaces up to a multiple of eight, so that the data are aligned.</summary>
    static byte[] Header(
        IReadOnlyList<NamedTensor> tensors, IReadOnlyDictionary<string, string> metadata, SafetensorsType type)
    {
        ArrayBufferWriter<byte> buffer = new();
        buffer.Write(new byte[sizeof(ulong)]);
        using (Utf8JsonWriter json = new(buffer))
            WriteJson(json, tensors, metadata, type);

        int padding = -buffer.WrittenCount & (Alignment - 1);
        buffer.GetSpan(padding)[..padding].Fill((byte)' ');
        buffer.Advance(padding);

        byte[] header = buffer.WrittenSpan.ToArray();
        BinaryPrimitives.WriteInt64LittleEndian(header, header.Length - sizeof(ulong));
        return header;
    }

    static void WriteJson(
        Utf8JsonWriter json,
        IReadOnlyList<NamedTensor> tensors,
        IReadOnlyDictionary<string, string> metadata,
        SafetensorsType type)
    {
        json.WriteStartObject();
        json.WriteStartObject("__metadata__");
        foreach ((string key, string value) in metadata)
            json.WriteString(key, value);
        json.WriteEndObject();

        HashSet<string> names = ["__metadata__"];
        long begin = 0;
        foreach (NamedTensor tensor in tensors)
        {
            if (!names.Add(tensor.Name))
                throw new ArgumentException($"Two tensors cannot be named '{tensor.Name}'.", nameof(tensors));

            long end = begin + (long)tensor.Values.Length * type.Bytes();
            json.WriteStartObject(tensor.Name);
            json.WriteString("dtype", type.HeaderName());
            json.WriteStartArray("shape");
            foreach (int size in tensor.Shape)
                json.WriteNumberValue(size);
            json.WriteEndArray();
            json.WriteStartArray("data_offsets");
            json.WriteNumberValue(begin);
            json.WriteNumberValue(end);
            json.WriteEndArray();
            json.WriteEndObject();
            begin = end;
        }

        json.WriteEndObject();
    }

    static void WriteValues(Stream stream, ReadOnlySpan<float> values, SafetensorsType type)
    {
        Span<ushort> rounded = new ushort[type == SafetensorsType.BF16 ? ChunkElements : 0];
        while (!values.IsEmpty)
        {
            ReadOnlySpan<float> chunk = values[..Math.Min(ChunkElements, values.Length)];
            values = values[chunk.Length..];
            if (type == SafetensorsType.F32)
            {
                stream.Write(MemoryMarshal.AsBytes(chunk));
                continue;
            }

            for (int i = 0; i < chunk.Length; i++)
                rounded[i] = BFloat16.Round(chunk[i]);
            stream.Write(MemoryMarshal.AsBytes(rounded[..chunk.Length]));
        }
    }
}
