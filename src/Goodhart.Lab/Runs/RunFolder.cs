using Goodhart.Models.Checkpoints;

namespace Goodhart.Lab.Runs;

/// <summary>The folder that holds everything a run leaves behind.</summary>
public sealed class RunFolder
{
    RunFolder(string path) => Path = path;

    /// <summary>The folder as it was named, absolute or not.</summary>
    public string Path { get; }

    /// <summary>Makes an empty folder for a run.</summary>
    /// <param name="output">The folder, or null for the next free number after <paramref name="prefix"/>.</param>
    /// <param name="overwrite">Whether an earlier run in <paramref name="output"/> may be removed.</param>
    /// <param name="prefix">What numbered folders start with.</param>
    /// <exception cref="RunFolderException">The folder holds something, or cannot be written.</exception>
    public static RunFolder Create(string? output, bool overwrite, string prefix = "runs/lab-")
    {
        string path = output ?? prefix;
        if (string.IsNullOrWhiteSpace(path))
            throw new RunFolderException("--output: names no folder.");

        try
        {
            path = output ?? NextFree(prefix);
            if (File.Exists(path))
                throw new RunFolderException($"{path}: is a file. Name a folder with --output.");

            if (Directory.Exists(path) && Directory.EnumerateFileSystemEntries(path).Any())
                Remove(path, overwrite);

            Directory.CreateDirectory(path);
            RunFolder folder = new(path);
            folder.ProbeWriting();
            return folder;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new RunFolderException(
                $"{path}: cannot make a run folder here ({Reason(e)}). Choose another with --output.", e);
        }
    }

    /// <summary>A folder that a run has already made.</summary>
    public static RunFolder Open(string path) => new(path);

    /// <summary>The path of a file or folder inside.</summary>
    public string PathOf(params string[] parts) => System.IO.Path.Combine([Path, .. parts]);

    /// <summary>Writes a whole file under a temporary name and renames it, so that nobody ever sees half of it.</summary>
    /// <param name="name">Relative to the folder, as in <c>summary.json</c>.</param>
    /// <param name="text">Written as UTF-8.</param>
    /// <exception cref="RunFolderException">The file cannot be written; an earlier one of that name is intact.</exception>
    public void WriteText(string name, string text)
    {
        string path = PathOf(name);
        try
        {
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
            AtomicFile.WriteText(path, text);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new RunFolderException(
                $"{path}: cannot be written ({Reason(e)}). Free some space, or choose another folder with --output.", e);
        }
    }

    /// <summary>One more than the highest number in use, so that the newest run always has the highest.</summary>
    static string NextFree(string prefix)
    {
        string parent = System.IO.Path.GetDirectoryName(prefix) ?? "", start = System.IO.Path.GetFileName(prefix);
        string search = parent.Length == 0 ? "." : parent;
        int highest = !Directory.Exists(search) ? 0 : Directory.EnumerateFileSystemEntries(search, start + "*")
            .Select(entry => System.IO.Path.GetFileName(entry)[start.Length..])
            .Select(number => int.TryParse(number, out int n) ? n : 0)
            .DefaultIfEmpty().Max();
        return prefix + (highest + 1);
    }

    static void Remove(string path, bool overwrite)
    {
        if (!overwrite)
            throw new RunFolderException(
                $"{path}: already holds something. Name a new folder with --output, or replace the run with --overwrite.");

        bool isRun = File.Exists(System.IO.Path.Combine(path, "config.yaml"))
            || File.Exists(System.IO.Path.Combine(path, "summary.json"));
        if (!isRun || IsWorkplace(path))
            throw new RunFolderException(
                $"{path}: does not look like a run (a folder with config.yaml or summary.json, no repository and not "
                + "the folder you are in), so --overwrite leaves it alone. Name another folder with --output.");

        Directory.Delete(path, recursive: true);
    }

    /// <remarks>A repository, or a folder we stand in, may hold a config.yaml without being a run.</remarks>
    static bool IsWorkplace(string path)
    {
        string full = System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(path));
        string here = Directory.GetCurrentDirectory();
        return here == full
            || here.StartsWith(full + System.IO.Path.DirectorySeparatorChar, StringComparison.Ordinal)
            || Directory.Exists(System.IO.Path.Combine(full, ".git"));
    }

    void ProbeWriting()
    {
        string probe = PathOf(".probe.tmp");
        File.WriteAllText(probe, "");
        File.Delete(probe);
    }

    static string Reason(Exception e) => e.Message.TrimEnd('.');
}
