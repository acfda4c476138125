using System.Diagnostics;
using System.Text.Json;

namespace Goodhart.Cli.Benchmarks;

/// <summary>A program that does the same work and prints one JSON object a line, with "case" and "tokens_per_second".</summary>
static class PeerProgram
{
    /// <summary>Runs it once to its end.</summary>
    /// <param name="command">A shell's command line.</param>
    /// <param name="talk">Told what the program says on stderr.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="UsageException">It cannot be started, fails, or prints something else.</exception>
    public static IReadOnlyDictionary<string, double> Run(string command, TextWriter talk, CancellationToken cancellation)
    {
        ProcessStartInfo start = OperatingSystem.IsWindows() ? new("cmd.exe", ["/c", command]) : new("/bin/sh", ["-c", command]);
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        using Process process = Process.Start(start)!;
        using CancellationTokenRegistration _ = cancellation.Register(() => process.Kill(entireProcessTree: true));
        process.ErrorDataReceived += (_, line) =>
        {
            if (line.Data is not null)
                talk.WriteLine(line.Data);
        };
        process.BeginErrorReadLine();

        Dictionary<string, double> rates = [];
        while (process.StandardOutput.ReadLine() is string line)
        {
            if (line.Length > 0)
                Read(line, rates, command);
        }

        process.WaitForExit();
        cancellation.ThrowIfCancellationRequested();
        if (process.ExitCode != 0)
            throw new UsageException([$"--peer: '{command}' should exit with 0, got {process.ExitCode}. Run it by hand to see why."]);
        return rates;
    }

    static void Read(string line, Dictionary<string, double> rates, string command)
    {
        try
        {
            using JsonDocument row = JsonDocument.Parse(line);
            rates[row.RootElement.GetProperty("case").GetString()!] = row.RootElement.GetProperty("tokens_per_second").GetDouble();
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new UsageException([$"--peer: '{command}' should print JSON objects with 'case' and 'tokens_per_second', one a line, got '{line}'."]);
        }
    }
}
