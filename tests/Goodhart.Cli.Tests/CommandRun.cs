namespace Goodhart.Cli;

/// <summary>What a command left behind.</summary>
sealed record CommandRun(int ExitCode, string Out, string Error)
{
    /// <summary>Runs goodhart in this process, with nobody looking.</summary>
    public static CommandRun Of(params string[] args) => Of(new StringWriter(), CancellationToken.None, args);

    /// <summary>The same, with a writer for its talk and a way to stop it.</summary>
    public static CommandRun Of(StringWriter error, CancellationToken cancellation, params string[] args)
    {
        using StringWriter output = new() { NewLine = "\n" };
        error.NewLine = "\n";
        int exitCode = CommandLine.Run(args, new Terminal(output, error), cancellation);
        return new CommandRun(exitCode, output.ToString(), error.ToString());
    }

    /// <summary>Checks that this is refused as the user's input: lines for the user, nothing on stdout, no trace.</summary>
    /// <returns>The lines without their prefix.</returns>
    public string[] Refused()
    {
        Assert.Equal(Cli.ExitCode.BadInput, ExitCode);
        Assert.Empty(Out);
        Assert.DoesNotContain("   at ", Error);
        string[] lines = Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.NotEmpty(lines);
        Assert.All(lines, line => Assert.StartsWith("goodhart: ", line));
        return [.. lines.Select(line => line["goodhart: ".Length..])];
    }

    public string RefusedOnce() => Assert.Single(Refused());
}
