using System.Buffers.Binary;
using System.Text;
using Goodhart.Models.Tests.Checkpoints;

namespace Goodhart.Models.Tests.Safetensors;

/// <summary>Writes safetensors files byte by byte, good or bad.</summary>
static class RawSafetensors
{
    public static string WriteSafetensors(this TemporaryFolder folder, string name, string header, params byte[] data) =>
        folder.WriteSafetensors(name, (ulong)Encoding.UTF8.GetByteCount(header), Encoding.UTF8.GetBytes(header), data);

    public static string WriteSafetensors(
        this TemporaryFolder folder, string name, ulong headerLength, byte[] header, params byte[] data)
    {
        byte[] prefix = new byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(prefix, headerLength);
        File.WriteAllBytes(folder[name], [.. prefix, .. header, .. data]);
        return folder[name];
    }
}
