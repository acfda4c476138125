using System.Runtime.InteropServices;
using Goodhart.Engine.Memory;
using Goodhart.Models.Checkpoints;
using Microsoft.Win32.SafeHandles;

namespace Goodhart.Models.Safetensors;

/// <summary>An open safetensors file whose header has been checked; tensors are read when asked for.</summary>
public sealed class SafetensorsFile : IDisposable
{
    const int ChunkElements = 1 << 18;

    readonly SafeFileHandle _file;
    readonly SafetensorsHeader _header;
    MappedFile? _map;

    SafetensorsFile(string path, SafeFileHandle file)
    {
        Path = path;
        _file = file;
        _header = new SafetensorsHeader(path, file);
    }

    /// <summary>Where the file is, as given to <see cref="Open"/>.</summary>
    public string Path { get; }

    /// <summary>The tensors by name.</summary>
    public IReadOnlyDictionary<string, TensorEntry> Entries => _header.Entries;

    /// <summary>The header's free-form strings; empty where there are none.</summary>
    public IReadOnlyDictionary<string, string> Metadata => _header.Metadata;

    /// <summary>Opens a file and checks its header.</summary>
    /// <exception cref="CheckpointException">The file breaks a rule of the format.</exception>
    /// <exception cref="IOException">The file is missing or cannot be read.</exception>
    public static SafetensorsFile Open(string path)
    {
        SafeFileHandle file = File.OpenHandle(path);
        try
        {
            return new SafetensorsFile(path, file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Reads a tensor, widening F16 and BF16, which is exact.</summary>
    /// <param name="name">One of <see cref="Entries"/>.</param>
    /// <param name="destination">As long as the tensor has elements.</param>
    /// <exception cref="CheckpointException">The tensor is absent, or is not F32, F16 or BF16.</exception>
    public void Read(string name, Span<float> destination)
    {
        if (!Entries.TryGetValue(name, out TensorEntry? entry))
            throw new CheckpointException($"{Path}: has no tensor '{name}'.");

        if (entry.Type is not (SafetensorsType.F32 or SafetensorsType.F16 or SafetensorsType.BF16))
            throw new CheckpointException($"{Path}: '{name}' is {entry}. Export the model as F32, F16 or BF16.");

        if (entry.Count != destination.Length)
        {
            throw new ArgumentException(
                $"'{name}' is {entry}, which does not fit {destination.Length} values.", nameof(destination));
        }

        long offset = _header.DataBegin + entry.Begin;
        if (entry.Type == SafetensorsType.F32)
            _file.ReadExactly(destination, offset, Path);
        else
            ReadHalves(entry.Type, offset, destination);
    }

    /// <summary>A tensor's values where they lie in the file, without reading it; they may outlive this object.</summary>
    /// <returns>Null for a tensor that is not F32, is empty, or does not lie at a multiple of four bytes.</returns>
    public Memory<float>? Map(string name)
    {
        if (!Entries.TryGetValue(name, out TensorEntry? entry) || entry is not { Type: SafetensorsType.F32, Count: > 0 and <= int.MaxValue })
            return null;

        _map ??= new MappedFile(_file);
        return _map.Floats(_header.DataBegin + entry.Begin, (int)entry.Count);
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => _file.Dispose();

    void ReadHalves(SafetensorsType type, long offset, Span<float> destination)
    {
        ushort[] buffer = new ushort[Math.Min(ChunkElements, destination.Length)];
        while (!destination.IsEmpty)
        {
            Span<ushort> halves = buffer.AsSpan(0, Math.Min(buffer.Length, destination.Length));
            _file.ReadExactly(MemoryMarshal.AsBytes(halves), offset, Path);
            for (int i = 0; i < halves.Length; i++)
            {
                destination[i] = type == SafetensorsType.BF16
                    ? BFloat16.Widen(halves[i])
                    : (float)BitConverter.UInt16BitsToHalf(halves[i]);
            }

            destination = destination[halves.Length..];
            offset += halves.Length * sizeof(ushort);
        }
    }
}
