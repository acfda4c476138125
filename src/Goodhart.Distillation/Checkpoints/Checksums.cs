using System.Security.Cryptography;
using Goodhart.Models.Checkpoints;

namespace Goodhart.Distillation.Checkpoints;

/// <summary>Tells a whole checkpoint from a damaged one: SHA256SUMS lists its files, in the form that <c>sha256sum --check</c> reads.</summary>
static class Checksums
{
    const string FileName = "SHA256SUMS";

    /// <summary>Lists the files that are there.</summary>
    public static void Write(string directory)
    {
        IEnumerable<string> lines = Directory.EnumerateFiles(directory).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)
            .Select(name => $"{HashOf(Path.Combine(directory, name))}  {name}\n");
        AtomicFile.WriteText(Path.Combine(directory, FileName), string.Concat(lines));
    }

    /// <summary>What is wrong with a checkpoint; null where every file is as it was written.</summary>
    public static string? ProblemOf(string directory)
    {
        string list = Path.Combine(directory, FileName);
        if (!File.Exists(list))
            return $"has no {FileName}, which is written last";

        string[] lines = File.ReadAllLines(list);
        if (lines.Length == 0)
            return $"{FileName} is empty";
        foreach (string line in lines)
        {
            if (line.Split("  ", 2) is not [string hash, string name])
                return $"{FileName} has the line '{line}', which should be a hash and a name";

            string path = Path.Combine(directory, Path.GetFileName(name));
            if (!File.Exists(path))
                return $"'{name}' is missing";
            if (HashOf(path) != hash)
                return $"'{name}' is not as it was written";
        }

        return null;
    }

    static string HashOf(string path)
    {
        using FileStream file = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(file));
    }
}
