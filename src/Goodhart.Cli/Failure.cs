using Goodhart.Detection.Curves;
using Goodhart.Distillation.Data;
using Goodhart.Distillation.Recipes;
using Goodhart.Lab.Configuration;
using Goodhart.Lab.Distilling;
using Goodhart.Lab.Runs;
using Goodhart.Models.Checkpoints;
using Goodhart.Tokenizers;

namespace Goodhart.Cli;

/// <summary>The one place where an exception becomes lines on stderr and an exit code.</summary>
static class Failure
{
    /// <summary>One line for each problem; a stack trace only where the fault is ours.</summary>
    public static int Report(Exception failure, TextWriter error)
    {
        switch (failure)
        {
            case OperationCanceledException:
                return ExitCode.Interrupted;
            case TrainingException or SelfTestException:
                Write(error, failure.Message);
                return ExitCode.Verdict;
            case OutOfMemoryException:
                Write(error, $"not enough memory: {failure.Message} {Available()} Use a smaller model or smaller batches.");
                return ExitCode.BadInput;
            case UsageException or ConfigException or CheckpointException or TokenizerException or CurveException or CorpusException
                or RunFolderException or IOException or UnauthorizedAccessException:
                Write(error, failure.Message);
                return ExitCode.BadInput;
            default:
                Write(error, "this is a bug in goodhart, not in your input. Please report the lines below.");
                error.WriteLine(failure);
                return ExitCode.Bug;
        }
    }

    static void Write(TextWriter error, string problems)
    {
        foreach (string problem in problems.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            error.WriteLine($"goodhart: {problem}");
    }

    static string Available() =>
        FormattableString.Invariant($"{GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 1e9:0.0} GB are available.");
}
