using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Goodhart.Models.Checkpoints;

/// <summary>Reads that are either complete or an error.</summary>
static class ExactReading
{
    const int ChunkFloats = 1 << 24;

    public static void ReadExactly(this SafeFileHandle file, Span<byte> destination, long offset, string path)
    {
        while (!destination.IsEmpty)
        {
            int read = RandomAccess.Read(file, destination, offset);
            if (read == 0)
                throw new CheckpointException($"{path}: ended at byte {offset} while being read. Fetch it again.");

            destination = destination[read..];
            offset += read;
        }
    }

    /// <summary>Little-endian float32 values, which may span more than 2 GB.</summary>
    public static void ReadExactly(this SafeFileHandle file, Span<float> destination, long offset, string path)
    {
        while (!destination.IsEmpty)
        {
            Span<byte> chunk = MemoryMarshal.AsBytes(destination[..Math.Min(ChunkFloats, destination.Length)]);
            file.ReadExactly(chunk, offset, path);
            destination = destination[(chunk.Length / sizeof(float))..];
            offset += chunk.Length;
        }
    }
}
