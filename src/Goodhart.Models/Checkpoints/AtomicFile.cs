namespace Goodhart.Models.Checkpoints;

/// <summary>Writes a file so that its name only ever holds the old content or the whole new one.</summary>
public static class AtomicFile
{
    /// <summary>Writes to "path.tmp" and renames it once all of it is on the disk.</summary>
    /// <param name="path">The final name, in a folder that exists; an existing file is replaced.</param>
    /// <param name="write">Writes the content. If it throws, the temporary file is deleted and an old file stays.</param>
    /// <exception cref="IOException">The folder is missing, the disk is full, or another writer is at work.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be written to.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        string temporary = path + ".tmp";
        FileStream stream = new(temporary, FileMode.Create, FileAccess.Write, FileShare.None);
        try
        {
            using (stream)
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    /// <summary>Writes a text file, UTF-8 without a byte order mark, as <see cref="Write"/> does.</summary>
    public static void WriteText(string path, string text) =>
        Write(path, stream =>
        {
            using StreamWriter writer = new(stream, leaveOpen: true);
            writer.Write(text);
        });
}
