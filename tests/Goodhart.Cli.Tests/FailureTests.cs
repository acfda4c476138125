using Goodhart.Detection.Curves;
using Goodhart.Distillation.Recipes;
using Goodhart.Lab.Configuration;
using Goodhart.Lab.Runs;
using Goodhart.Models.Checkpoints;
using Goodhart.Tokenizers;

namespace Goodhart.Cli;

public class FailureTests
{
    public static TheoryData<Exception, int> Failures => new()
    {
        { new CheckpointException("a\nb"), ExitCode.BadInput },
        { new TokenizerException("a\nb"), ExitCode.BadInput },
        { new ConfigException(["a", "b"]), ExitCode.BadInput },
        { new CurveException("a\nb"), ExitCode.BadInput },
        { new RunFolderException("a\nb"), ExitCode.BadInput },
        { new UsageException("a", "b"), ExitCode.BadInput },
        { new IOException("a\nb"), ExitCode.BadInput },
        { new UnauthorizedAccessException("a\nb"), ExitCode.BadInput },
        { new TrainingException("a\nb", 4), ExitCode.Verdict },
    };

    [Theory]
    [MemberData(nameof(Failures))]
    public void A_failure_that_is_not_ours_has_a_line_for_each_problem_and_no_trace(Exception failure, int exitCode)
    {
        using StringWriter error = new() { NewLine = "\n" };

        Assert.Equal(exitCode, Failure.Report(failure, error));
        Assert.Equal("goodhart: a\ngoodhart: b\n", error.ToString());
    }

    [Fact]
    public void Too_little_memory_says_how_much_there_is()
    {
        using StringWriter error = new();

        Assert.Equal(ExitCode.BadInput, Failure.Report(new InsufficientMemoryException("Array dimensions exceeded."), error));
        Assert.Matches(@"not enough memory: .* [\d.]+ GB are available", error.ToString());
    }

    [Fact]
    public void A_bug_shows_its_trace()
    {
        using StringWriter error = new();

        Assert.Equal(ExitCode.Bug, Failure.Report(new InvalidOperationException("oops"), error));
        Assert.Contains("bug in goodhart", error.ToString());
        Assert.Contains("System.InvalidOperationException: oops", error.ToString());
    }
}
