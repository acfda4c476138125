using System.CommandLine;
using System.Globalization;
using System.Text;
using Goodhart.Lab.Runs;

namespace Goodhart.Cli.Benchmarks;

/// <summary>A day's results on a processor: what was run, on what, and the tables that it printed.</summary>
static class ResultsFile
{
    /// <summary>Refuses a folder that could not be written at the end, before anything is measured.</summary>
    /// <exception cref="UsageException">It is a file.</exception>
    public static void Check(string folder)
    {
        if (File.Exists(folder))
            throw new UsageException($"--output: {folder}: is a file. Name a folder.");
        Directory.CreateDirectory(folder);
    }

    /// <summary>Adds the tables to the day's file.</summary>
    /// <returns>Its path.</returns>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static string Append(string folder, ParseResult command, int threads, IReadOnlyList<BenchRow> rows)
    {
        MachineSummary machine = ThisMachine.Describe(threads);
        string date = TimeProvider.System.GetLocalNow().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        string path = Path.Combine(folder, NameOf(machine.Cpu), date + ".md");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);

        StringBuilder text = new();
        if (!File.Exists(path))
            text.Append(CultureInfo.InvariantCulture, $"# {date}, {machine.Cpu}\n");
        text.Append(CultureInfo.InvariantCulture, $"\n{machine.Simd}, {machine.Threads} threads on {machine.Cores} cores, {machine.Runtime}:\n");
        text.Append(CultureInfo.InvariantCulture, $"\n    goodhart {string.Join(' ', command.Tokens.Select(token => Quoted(token.Value)))}\n\n");
        foreach (string line in Table(rows).Split('\n'))
            text.Append(line.Length == 0 ? "\n" : $"    {line}\n");
        File.AppendAllText(path, text.ToString().TrimEnd('\n') + "\n");
        return path;
    }

    /// <summary>As on a screen of 80 columns, without what pads the lines.</summary>
    static string Table(IReadOnlyList<BenchRow> rows)
    {
        using StringWriter text = new() { NewLine = "\n" };
        BenchTable.Write(new Terminal(text, TextWriter.Null), rows);
        return string.Join('\n', text.ToString().Split('\n').Select(line => line.TrimEnd()));
    }

    /// <summary>A processor as a folder: amd-epyc-9r14.</summary>
    static string NameOf(string cpu) => string.Join('-',
        string.Concat(cpu.Select(c => char.IsAsciiLetterOrDigit(c) ? char.ToLowerInvariant(c) : ' ')).Split(' ', StringSplitOptions.RemoveEmptyEntries));

    static string Quoted(string word) => word.Any(c => !char.IsAsciiLetterOrDigit(c) && !"-_./=".Contains(c)) ? $"\"{word.Replace("\"", "\\\"")}\"" : word;
}
