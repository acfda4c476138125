using System.Text.Json;

namespace Goodhart.Cli.Commands;

public sealed class LabTests : IDisposable
{
    readonly TemporaryFolder _folder = new();
    readonly string _oracle;

    public LabTests() => _oracle = TinyModel.Write(_folder, "oracle");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_run_ends_with_a_table_the_verdicts_and_the_report()
    {
        CommandRun run = Lab("--steps", "30", "--arms", "offline,online-student", "--seed", "4");

        Assert.Equal(ExitCode.Done, run.ExitCode);
        Assert.Contains("\noffline ", run.Out);
        Assert.Contains("\nonline-student ", run.Out);
        Assert.EndsWith($"Report: {_folder.PathOf("run", "report.html")}\n", run.Out);
        Assert.All(run.Out.Split('\n').SkipLast(2), line => Assert.True(line.Length <= 80, line));
        foreach (string file in new[] { "config.yaml", "summary.json", "report.html", "offline/metrics.jsonl" })
            Assert.True(File.Exists(_folder.PathOf("run", file)), file);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder.PathOf("run"), "*.tmp", SearchOption.AllDirectories));
    }

    [Fact]
    public void Progress_goes_to_stderr_in_lines_that_do_not_wrap()
    {
        string[] lines = Lab("--steps", "30", "--arms", "offline").Error.Split('\n');

        foreach (string stage in new[] { "oracle", "teacher", "student", "offline" })
            Assert.Contains(lines, line => line.Contains($"] {stage} "));
        Assert.Contains(lines, line => line.Contains("offline 30/30") && line.Contains("golden"));
        Assert.All(lines.Skip(1), line => Assert.True(line.Length <= 80, line));
    }

    [Fact]
    public void Json_is_all_there_is_on_stdout()
    {
        CommandRun run = Lab("--steps", "20", "--arms", "offline", "--json");

        JsonElement summary = JsonDocument.Parse(run.Out).RootElement;
        Assert.Equal(run.Out, File.ReadAllText(_folder.PathOf("run", "summary.json")));
        JsonElement arm = Assert.Single(summary.GetProperty("arms").EnumerateArray());
        Assert.Equal("offline", arm.GetProperty("arm").GetString());
        Assert.Equal(20, arm.GetProperty("steps").GetInt32());
    }

    [Fact]
    public void Settings_beat_the_file_and_options_beat_settings()
    {
        string config = _folder.Write("my.yaml", "seed: 1\narms: [offline]\ndistillation:\n  max_steps: 7\n  learning_rate: 0.5\n");
        Lab("--config", config, "distillation.learning_rate=0.25", "--distillation.warmup_steps", "2", "--set", "seed=2", "--seed", "3");

        string resolved = File.ReadAllText(_folder.PathOf("run", "config.yaml"));
        Assert.Contains("seed: 3", resolved);
        Assert.Contains("max_steps: 7", resolved);
        Assert.Contains("learning_rate: 0.25", resolved);
        Assert.Contains("warmup_steps: 2", resolved);
    }

    [Fact]
    public void Ctrl_c_stops_after_the_step_and_keeps_what_is_done()
    {
        using CancellationTokenSource source = new();
        using CancellingWriter error = new(source, "online-teacher 0/");

        CommandRun run = CommandRun.Of(error, source.Token, [.. LabArguments("--steps", "100000", "--arms", "online-teacher,online-student")]);

        Assert.Equal(ExitCode.Interrupted, run.ExitCode);
        Assert.Contains("goodhart: stopped. What was done is in ", run.Error);
        JsonElement arm = Assert.Single(
            JsonDocument.Parse(File.ReadAllText(_folder.PathOf("run", "summary.json"))).RootElement.GetProperty("arms").EnumerateArray());
        Assert.False(arm.GetProperty("finished").GetBoolean());
        Assert.True(Directory.Exists(_folder.PathOf("run", arm.GetProperty("last_checkpoint").GetString()!)));
        Assert.True(File.Exists(_folder.PathOf("run", "report.html")));
    }

    [Fact]
    public void Ctrl_c_before_the_first_arm_leaves_no_summary()
    {
        using CancellationTokenSource source = new();
        using CancellingWriter error = new(source, "teacher 1/");

        CommandRun run = CommandRun.Of(error, source.Token, [.. LabArguments("--steps", "10")]);

        Assert.Equal((ExitCode.Interrupted, ""), (run.ExitCode, run.Out));
        Assert.False(File.Exists(_folder.PathOf("run", "summary.json")));
    }

    [Fact]
    public void An_earlier_run_stays_unless_it_may_be_replaced()
    {
        _folder.Write("run/config.yaml", "seed: 9");

        Assert.Contains("--overwrite", Lab("--steps", "5").RefusedOnce());
        Assert.Equal("seed: 9", File.ReadAllText(_folder.PathOf("run", "config.yaml")));
        Assert.Equal(ExitCode.Done, Lab("--steps", "5", "--overwrite", "--arms", "offline").ExitCode);
    }

    [Fact]
    public void A_broken_oracle_is_found_before_an_earlier_run_is_removed()
    {
        _folder.Write("run/config.yaml", "seed: 9");
        File.Delete(Path.Combine(_oracle, "model.safetensors"));

        Assert.Contains("model.safetensors", Lab("--overwrite").RefusedOnce());
        Assert.True(File.Exists(_folder.PathOf("run", "config.yaml")));
    }

    [Fact]
    public void An_unknown_key_is_refused_with_its_line_and_the_nearest_key()
    {
        string config = _folder.Write("my.yaml", "seed: 1\ndistillation:\n  max_stepz: 7\n");

        Assert.Equal($"{config}:3: unknown key 'distillation.max_stepz'. Did you mean 'max_steps'?", Lab("--config", config).RefusedOnce());
    }

    [Fact]
    public void Every_problem_has_a_line_of_its_own()
    {
        string config = _folder.Write("my.yaml", "sead: 1\nloss:\n  kind: sideways\n");

        Assert.Equal(3, Lab("--config", config, "data.held_out_prompts=0").Refused().Length);
    }

    [Fact]
    public void A_prompt_longer_than_the_oracles_context_is_refused() =>
        Assert.Contains("context of 64", Lab("data.max_completion_length=100").RefusedOnce());

    [Fact]
    public void A_folder_that_cannot_be_made_is_refused() =>
        Assert.Contains("config.json", CommandRun.Of("lab", "--oracle", _oracle, "--output", Path.Combine(_oracle, "config.json", "run")).RefusedOnce());

    [Fact]
    public void An_oracle_that_is_not_there_is_named() =>
        Assert.Contains("nowhere", CommandRun.Of("lab", "--oracle", _folder.PathOf("nowhere")).RefusedOnce());

    CommandRun Lab(params string[] args) => CommandRun.Of([.. LabArguments(args)]);

    IEnumerable<string> LabArguments(params string[] args) => ["lab", "--oracle", _oracle, "--output", _folder.PathOf("run"), .. TinyLab.Settings, .. args];

    /// <summary>Somebody who presses Ctrl-C when they see a text.</summary>
    sealed class CancellingWriter(CancellationTokenSource source, string text) : StringWriter
    {
        public override void WriteLine(string? value)
        {
            base.WriteLine(value);
            if (value?.Contains(text) == true)
                source.Cancel();
        }
    }
}
