using Goodhart.Lab.Configuration;
using Goodhart.Lab.Runs;
using Goodhart.Models;

namespace Goodhart.Lab.Experiments;

public sealed class CancellationTests : IDisposable
{
    static readonly ExperimentConfig Config = TinyExperiment.Config with { Arms = ["online-teacher", "offline", "online-student"] };

    readonly TemporaryFolder _folder = new();

    [Fact]
    public void A_stopped_arm_is_kept_as_unfinished_beside_those_before_it()
    {
        RunSummary summary = RunUntil("offline", step: 3)!;

        Assert.Equal([("online-teacher", true, 8L), ("offline", false, 4L)], summary.Arms.Select(arm => (arm.Arm, arm.Finished, arm.Steps)));
        Assert.Equal(summary.ToJson(), RunSummary.Read(_folder.PathOf("run")).ToJson());
        Assert.False(Directory.Exists(_folder.PathOf("run", "online-student")));
        Assert.Contains("offline", File.ReadAllText(_folder.PathOf("run", "report.html")));
    }

    [Fact]
    public void A_stopped_arm_ends_with_an_evaluation_and_a_checkpoint()
    {
        ArmSummary stopped = RunUntil("offline", step: 2)!.Arms[^1];

        MetricLine last = MetricLog.Read(_folder.PathOf("run", "offline", "metrics.jsonl"))[^1];
        Assert.Equal(3, last.Number("step"));
        Assert.Equal(stopped.GoldenForwardKl!.Last, last.Number("golden/forward_kl_per_token"));
        Assert.Equal("offline/checkpoint-3", stopped.LastCheckpoint);
        ModelDirectory.Load(_folder.PathOf("run", "offline", "checkpoint-3"), trainable: false);
    }

    [Fact]
    public void An_arm_that_was_at_its_end_is_finished()
    {
        RunSummary summary = RunUntil("online-teacher", step: 8)!;

        Assert.Equal(("online-teacher", true), (summary.Arms.Single().Arm, summary.Arms.Single().Finished));
    }

    [Theory]
    [InlineData("oracle", 0)]
    [InlineData("teacher", 2)]
    [InlineData("student", 5)]
    public void Stopped_before_the_first_arm_there_is_no_summary(string stage, int step)
    {
        Assert.Null(RunUntil(stage, step));
        Assert.False(File.Exists(_folder.PathOf("run", "summary.json")));
    }

    public void Dispose() => _folder.Dispose();

    RunSummary? RunUntil(string stage, int step)
    {
        using CancellationTokenSource cancellation = new();
        return TinyExperiment.Run(Config, _folder.PathOf("run"), onProgress: progress =>
        {
            if (progress.Stage == stage && progress.Done >= step)
                cancellation.Cancel();
        }, cancellation: cancellation.Token);
    }
}
