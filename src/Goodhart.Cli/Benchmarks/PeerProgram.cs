using System.Diagnostics;
using System.Text;
using System.Text.Json;

namespace Goodhart.Cli.Benchmarks;

/// <summary>A program that does the same work and prints one JSON object a line, with "case" and "tokens_per_second".</summary>
static class PeerProgram
{
    /// <summary>Characters of its output, at most: bounds the memory that a program gone wrong can take.</summary>
    const int MostOutput = 1 << 20;

    const int Quoted = 100;

    /// <summary>Runs it once to its end.</summary>
    /// <param name="command">A shell's command line.</param>
    /// <param name="limit">How long it may take.</param>
    /// <param name="talk">Told what the program says on stderr.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="UsageException">It fails, takes too long, or prints something else.</exception>
    public static IReadOnlyDictionary<string, double> Run(string command, TimeSpan limit, TextWriter talk, CancellationToken cancellation)
    {
        ProcessStartInfo start = OperatingSystem.IsWindows() ? new("cmd.exe", ["/c", command]) : new("/bin/sh", ["-c", command]);
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        using Process process = Process.Start(start)!;
        process.ErrorDataReceived += (_, line) =>
        {
            if (line.Data is not null)
                talk.WriteLine(line.Data);
        };
        process.BeginErrorReadLine();

        // On a thread of its own, since a child that the program leaves behind can keep the pipe open for ever.
        Task<string> output = Task.Run(() => ReadAll(process.StandardOutput), CancellationToken.None);
        try
        {
            bool ended = output.Wait((int)limit.TotalMilliseconds, cancellation);
            if (ended && output.Result.Length > MostOutput)
                throw new UsageException($"--peer: '{command}' should print a few lines, got more than {MostOutput:#,0} characters. Send its talk to stderr.");
            if (!ended || !process.WaitForExit(limit))
                throw new UsageException(FormattableString.Invariant($"--peer: '{command}' should end within {limit.TotalSeconds:0} seconds, but did not. Give it longer with --peer-timeout."));
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }

        if (process.ExitCode != 0)
            throw new UsageException($"--peer: '{command}' should exit with 0, got {process.ExitCode}. Run it by hand to see why.");
        return Rates(output.Result, command);
    }

    /// <summary>All of it, or one character more than it may be.</summary>
    static string ReadAll(StreamReader from)
    {
        StringBuilder text = new();
        char[] buffer = new char[4096];
        while (text.Length <= MostOutput && from.Read(buffer) is int count and > 0)
            text.Append(buffer, 0, Math.Min(count, MostOutput + 1 - text.Length));
        return text.ToString();
    }

    static Dictionary<string, double> Rates(string output, string command)
    {
        Dictionary<string, double> rates = [];
        foreach (string line in output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (Read(line) is not (string name, double rate and > 0 and < double.PositiveInfinity))
            {
                string got = line.Length > Quoted ? line[..Quoted] + "..." : line;
                throw new UsageException($"--peer: '{command}' should print JSON objects with 'case' and 'tokens_per_second' above 0, one a line, got '{got}'.");
            }

            if (!rates.TryAdd(name, rate))
                throw new UsageException($"--peer: '{command}' should print each case once, got '{name}' twice.");
        }

        return rates;
    }

    static (string? Name, double Rate) Read(string line)
    {
        try
        {
            using JsonDocument row = JsonDocument.Parse(line);
            return (row.RootElement.GetProperty("case").GetString(), row.RootElement.GetProperty("tokens_per_second").GetDouble());
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return default;
        }
    }
}
