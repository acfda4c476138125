namespace Goodhart.Cli;

/// <summary>A directory of files that is either wholly there or not at all.</summary>
static class NewDirectory
{
    /// <summary>Refuses a path that holds something, unless that may be replaced.</summary>
    /// <exception cref="UsageException">It may not.</exception>
    public static void Check(string path, bool overwrite)
    {
        if (File.Exists(path))
            throw new UsageException($"{path}: is a file. Name a directory with --output.");
        if (!overwrite && Directory.Exists(path) && Directory.EnumerateFileSystemEntries(path).Any())
            throw new UsageException($"{path}: already holds something. Name a new directory with --output, or replace its files with --overwrite.");
    }

    /// <summary>Writes into a temporary directory beside it, then moves; other files that are there stay.</summary>
    public static void Write(string path, Action<string> write)
    {
        string temporary = Path.TrimEndingDirectorySeparator(path) + ".tmp";
        try
        {
            Directory.CreateDirectory(temporary);
            write(temporary);
            Directory.CreateDirectory(path);
            foreach (string weights in Directory.EnumerateFiles(path, "model*.safetensors*").Where(_ => Directory.EnumerateFiles(temporary, "model*.safetensors").Any()))
                File.Delete(weights); // Of a model that is replaced: beside shards of the new one, a loader would take them.
            foreach (string file in Directory.EnumerateFiles(temporary))
                File.Move(file, Path.Combine(path, Path.GetFileName(file)), overwrite: true);
        }
        finally
        {
            if (Directory.Exists(temporary))
                Directory.Delete(temporary, recursive: true);
        }
    }
}
