namespace Goodhart.Cli;

/// <summary>What a program that calls goodhart can tell from its exit code.</summary>
static class ExitCode
{
    /// <summary>Done; also where hacking was what the experiment was to show.</summary>
    public const int Done = 0;

    /// <summary>A bug of ours.</summary>
    public const int Bug = 1;

    /// <summary>An option, a file or data of the user's that cannot be used.</summary>
    public const int BadInput = 2;

    /// <summary>A verdict or a training guard says stop.</summary>
    public const int Verdict = 3;

    /// <summary>Ctrl-C; what was done is kept.</summary>
    public const int Interrupted = 130;
}
