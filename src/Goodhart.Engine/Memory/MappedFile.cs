using System.Buffers;
using System.IO.MemoryMappedFiles;
using Microsoft.Win32.SafeHandles;

namespace Goodhart.Engine.Memory;

/// <summary>A file in the address space: weights that are used where they lie, and that the system may drop and read again.</summary>
/// <remarks>
/// What is written to the memory stays private. The mapping lasts as long as the process: a span cannot keep it alive, and
/// address space that nobody reads costs no memory.
/// </remarks>
public sealed unsafe class MappedFile
{
    readonly byte* _start;

    /// <summary>Maps a whole file.</summary>
    /// <param name="file">Not empty; may be closed afterwards.</param>
    public MappedFile(SafeFileHandle file)
    {
        using MemoryMappedFile mapping = MemoryMappedFile.CreateFromFile(
            file, mapName: null, capacity: 0, MemoryMappedFileAccess.CopyOnWrite, HandleInheritability.None, leaveOpen: true);
        MemoryMappedViewAccessor view = mapping.CreateViewAccessor(0, 0, MemoryMappedFileAccess.CopyOnWrite);
        byte* start = null;
        view.SafeMemoryMappedViewHandle.AcquirePointer(ref start); // Never released, so the view is never closed.
        _start = start + view.PointerOffset;
    }

    /// <summary>Little-endian float32 values in place; null where they do not lie at a multiple of four bytes.</summary>
    /// <param name="offset">The first byte, inside the file.</param>
    /// <param name="length">How many values, all inside the file.</param>
    public Memory<float>? Floats(long offset, int length) =>
        offset % sizeof(float) == 0 && BitConverter.IsLittleEndian ? new Block((float*)(_start + offset), length).Memory : null;

    sealed class Block(float* first, int length) : MemoryManager<float>
    {
        public override Span<float> GetSpan() => new(first, length);

        public override MemoryHandle Pin(int elementIndex = 0) => new(first + elementIndex, pinnable: this);

        public override void Unpin()
        {
        }

        protected override void Dispose(bool disposing)
        {
        }
    }
}
