using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Goodhart.Models.Checkpoints;
using Goodhart.Models.Safetensors;

namespace Goodhart.Models.Gguf;

/// <summary>An open GGUF file, version 2 or 3, whose header has been checked; tensors are read when asked for.</summary>
public sealed class GgufFile : IDisposable
{
    const int ChunkBytes = GgufTensorTypes.BlockBytes << 14;

    readonly FileStream _file;
    readonly GgufHeader _header;

    GgufFile(string path)
    {
        Path = path;
        _file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        try
        {
            _header = new GgufHeader(path, _file);
        }
        catch
        {
            _file.Dispose();
            throw;
        }
    }

    /// <summary>Where the file is.</summary>
    public string Path { get; }

    /// <summary>The metadata: long, double, bool, string, or a list of these.</summary>
    public IReadOnlyDictionary<string, object> Metadata => _header.Metadata;

    /// <summary>The tensors by name.</summary>
    public IReadOnlyDictionary<string, GgufTensor> Tensors => _header.Tensors;

    /// <summary>Opens a file and checks its header.</summary>
    /// <exception cref="CheckpointException">The file breaks a rule of the format.</exception>
    /// <exception cref="IOException">The file is missing or cannot be read.</exception>
    public static GgufFile Open(string path) => new(path);

    /// <summary>Reads a tensor as float32.</summary>
    /// <param name="name">One of <see cref="Tensors"/>.</param>
    /// <param name="destination">As long as the tensor has values.</param>
    /// <exception cref="CheckpointException">The tensor is absent.</exception>
    public void Read(string name, Span<float> destination)
    {
        if (!Tensors.TryGetValue(name, out GgufTensor? tensor))
            throw new CheckpointException($"{Path}: has no tensor '{name}'.");
        if (tensor.Count != destination.Length)
            throw new ArgumentException($"'{name}' is {tensor}, which does not fit {destination.Length} values.", nameof(destination));

        long offset = _header.DataBegin + tensor.Begin, end = offset + tensor.Bytes;
        byte[] chunk = new byte[Math.Min(ChunkBytes, tensor.Bytes)];
        while (offset < end)
        {
            Span<byte> bytes = chunk.AsSpan(0, (int)Math.Min(chunk.Length, end - offset));
            _file.SafeFileHandle.ReadExactly(bytes, offset, Path);
            destination = destination[Widen(tensor.Type, bytes, destination)..];
            offset += bytes.Length;
        }
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => _file.Dispose();

    /// <summary>Returns how many values there were.</summary>
    static int Widen(GgufTensorType type, ReadOnlySpan<byte> bytes, Span<float> values)
    {
        switch (type)
        {
            case GgufTensorType.F32:
                bytes.CopyTo(MemoryMarshal.AsBytes(values));
                return bytes.Length / sizeof(float);
            case GgufTensorType.Q8:
                for (int block = 0; block < bytes.Length / GgufTensorTypes.BlockBytes; block++)
                    WidenBlock(bytes.Slice(block * GgufTensorTypes.BlockBytes, GgufTensorTypes.BlockBytes), values.Slice(block * GgufTensorTypes.BlockValues));
                return bytes.Length / GgufTensorTypes.BlockBytes * GgufTensorTypes.BlockValues;
            default:
                ReadOnlySpan<ushort> halves = MemoryMarshal.Cast<byte, ushort>(bytes);
                for (int i = 0; i < halves.Length; i++)
                    values[i] = type == GgufTensorType.BF16 ? BFloat16.Widen(halves[i]) : (float)BitConverter.UInt16BitsToHalf(halves[i]);
                return halves.Length;
        }
    }

    static void WidenBlock(ReadOnlySpan<byte> block, Span<float> values)
    {
        float scale = (float)BinaryPrimitives.ReadHalfLittleEndian(block);
        for (int i = 0; i < GgufTensorTypes.BlockValues; i++)
            values[i] = scale * (sbyte)block[sizeof(ushort) + i];
    }
}
