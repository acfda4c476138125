using Goodhart.Lab.Configuration;
using Goodhart.Lab.Runs;
using Goodhart.Models;
using Goodhart.Tokenizers;

namespace Goodhart.Lab.Experiments;

/// <summary>One run of all arms, looked at from several sides.</summary>
public sealed class LabExperimentTests(LabExperimentTests.WholeRun run) : IClassFixture<LabExperimentTests.WholeRun>
{
    static readonly string[] Distances =
    [
        "golden/forward_kl", "golden/reverse_kl", "golden/jsd", "proxy/forward_kl", "proxy/reverse_kl", "proxy/jsd",
        "proxy_train/forward_kl", "teacher/golden_forward_kl",
    ];

    [Fact]
    public void A_run_leaves_its_files_and_nothing_half_written()
    {
        string[] files = [.. Directory.EnumerateFiles(run.Path, "*", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(run.Path, path))];

        string[] expected = ["config.yaml", "summary.json", "report.html", "teacher/model.safetensors", "student/tokenizer.json", .. Arm.Names.Select(arm => $"{arm}/metrics.jsonl")];
        Assert.Empty(expected.Except(files));
        Assert.DoesNotContain(files, file => file.Contains(".tmp"));
        Assert.Contains("online-oracle", File.ReadAllText(Path.Combine(run.Path, "report.html")));
    }

    [Fact]
    public void The_configuration_beside_a_run_is_the_one_it_had() => Assert.Equal(
        ConfigFile.ToYaml(TinyExperiment.Config), ConfigFile.ToYaml(ConfigFile.Load<ExperimentConfig>(Path.Combine(run.Path, "config.yaml"), [])));

    [Fact]
    public void Every_step_is_logged_and_every_evaluation_in_full()
    {
        string[] suffixes = ["_per_token", "_per_token_stderr", "_per_sequence", "_per_sequence_stderr"];
        string[] ofEvaluations = [.. Distances.SelectMany(name => suffixes.Select(suffix => name + suffix)),
            "data/unique_prompts", "data/unique_completions", "data/reuse", "data/fresh_fraction"];

        Assert.All(Arm.Names, arm =>
        {
            IReadOnlyList<MetricLine> lines = run.Metrics(arm);
            Assert.Equal(Enumerable.Range(0, 9).Select(step => (double?)step), lines.Select(line => line.Number("step")));
            Assert.Equal(TinyExperiment.Evaluations.Select(step => (double?)step), lines.Where(l => l.Text("hacking/verdict") is not null).Select(l => l.Number("step")));
            Assert.All(lines.Skip(1), line => AssertNumbers(line, "loss", "grad_norm", "learning_rate", "num_tokens"));
            Assert.All(TinyExperiment.Evaluations[1..], step => AssertNumbers(lines[step], ofEvaluations));
            AssertNumbers(lines[0], [.. ofEvaluations.Where(name => !name.StartsWith("proxy_train"))]);
        });

        static void AssertNumbers(MetricLine line, params string[] names) =>
            Assert.All(names, name => Assert.True(line.Number(name) is not null, $"{name} is missing at step {line.Number("step")}."));
    }

    [Fact]
    public void All_arms_start_from_the_same_student()
    {
        string[] first = [.. Arm.Names.Select(arm => File.ReadLines(Path.Combine(run.Path, arm, "metrics.jsonl")).First())];

        Assert.Single(first.Distinct());
        Assert.True(run.Metrics("offline")[0].Number("golden/forward_kl_per_token") > 0);
        Assert.Equal(run.Metrics("offline")[0].Number("golden/forward_kl_per_token"), run.Summary.Student.GoldenForwardKl);
    }

    [Fact]
    public void Arms_differ_only_in_who_writes_and_when()
    {
        string[] second = [.. Arm.Names.Select(arm => File.ReadLines(Path.Combine(run.Path, arm, "metrics.jsonl")).Skip(2).First())];
        int stored = TinyExperiment.Config.Data.DistillationPrompts * TinyExperiment.Config.Data.CompletionsPerPrompt;

        Assert.Equal(6, second.Distinct().Count());
        Assert.All(run.Summary.Arms, arm =>
        {
            LedgerSummary ledger = arm.Ledger;
            Assert.Equal(8, ledger.UniquePrompts);
            Assert.InRange(ledger.UniqueCompletions, stored / 2, arm.Mode == "offline" ? stored : 32);
            Assert.Equal(32, Math.Round(ledger.Reuse * ledger.UniqueCompletions));
            Assert.Equal(ledger.UniqueCompletions / 32.0, ledger.FreshFraction, 1e-12);
        });
        Assert.All(run.Summary.Arms.Where(arm => arm.Mode == "online"), arm => Assert.True(arm.Ledger.FreshFraction > 0.9));
    }

    [Fact]
    public void Every_arm_keeps_its_best_and_its_last_checkpoint_and_no_other()
    {
        Assert.All(run.Summary.Arms, arm =>
        {
            Assert.Equal($"{arm.Arm}/checkpoint-{arm.GoldenForwardKl!.MinStep}", arm.BestCheckpoint);
            Assert.Equal($"{arm.Arm}/checkpoint-8", arm.LastCheckpoint);
            Assert.Equal(
                new[] { arm.BestCheckpoint!, arm.LastCheckpoint! }.Distinct().Order(),
                Directory.EnumerateDirectories(Path.Combine(run.Path, arm.Arm)).Select(path => $"{arm.Arm}/{Path.GetFileName(path)}").Order());

            string last = Path.Combine(run.Path, arm.LastCheckpoint!);
            Assert.Equal(258, ModelDirectory.Load(last, trainable: false).Config.VocabSize);
            Assert.Equal(258, Tokenizer.Load(last).VocabularySize);
        });
    }

    [Fact]
    public void The_summary_tells_what_the_metrics_tell()
    {
        Assert.Equal(run.Summary.ToJson(), RunSummary.Read(run.Path).ToJson());
        Assert.Equal(Arm.Names, run.Summary.Arms.Select(arm => arm.Arm));
        Assert.All(run.Summary.Arms, arm =>
        {
            double?[] golden = [.. TinyExperiment.Evaluations.Select(step => run.Metrics(arm.Arm)[step].Number("golden/forward_kl_per_token"))];
            Assert.Equal((golden[0], golden.Min(), golden[^1]), (arm.GoldenForwardKl!.First, arm.GoldenForwardKl.Min, arm.GoldenForwardKl.Last));
            Assert.Equal(run.Metrics(arm.Arm)[^1].Number("num_tokens"), arm.Tokens);
            Assert.Equal(run.Metrics(arm.Arm)[^1].Text("hacking/verdict"), arm.Verdict);
            Assert.True(arm is { Finished: true, Steps: 8, Seed: 1 });
        });
        Assert.Equal(run.Metrics("offline")[0].Number("teacher/golden_forward_kl_per_token"), run.Summary.Teacher.GoldenForwardKl);
        Assert.Null(run.Summary.Oracle!.GoldenForwardKl);
    }

    [Fact]
    public void Progress_tells_every_stage_in_order()
    {
        Assert.Equal(["oracle", "teacher", "student", .. Arm.Names], run.Progress.Select(p => p.Stage).Distinct());
        Assert.All(run.Progress.GroupBy(p => p.Stage), stage => Assert.Equal(stage.Last().Total, stage.Last().Done));
        Assert.Equal(TinyExperiment.Evaluations, run.Progress.Where(p => p.Stage == "offline" && p.IsEvaluation).Select(p => p.Done));
    }

    [Fact]
    public void Two_threads_give_the_same_metrics_to_the_last_digit()
    {
        using TemporaryFolder folder = new();

        TinyExperiment.Run(TinyExperiment.Config with { Arms = ["online-student", "offline"] }, folder.PathOf("run"), threads: 2);

        Assert.All(["online-student", "offline"], arm => Assert.Equal(
            File.ReadAllText(Path.Combine(run.Path, arm, "metrics.jsonl")), File.ReadAllText(folder.PathOf("run", arm, "metrics.jsonl"))));
    }

    [Fact]
    public void Another_seed_gives_another_run()
    {
        using TemporaryFolder folder = new();

        RunSummary summary = TinyExperiment.Run(TinyExperiment.Config with { Seed = 2, Arms = ["offline"] }, folder.PathOf("run"))!;

        Assert.NotEqual(run.Summary.Teacher.GoldenForwardKl, summary.Teacher.GoldenForwardKl);
        Assert.NotEqual(run.Summary.Student.GoldenForwardKl, summary.Student.GoldenForwardKl);
    }

    /// <summary>All six arms, once for all tests.</summary>
    public sealed class WholeRun : IDisposable
    {
        readonly TemporaryFolder _folder = new();

        public WholeRun() => Summary = TinyExperiment.Run(TinyExperiment.Config, Path, onProgress: Progress.Add)!;

        public string Path => _folder.PathOf("run");

        public RunSummary Summary { get; }

        public List<LabProgress> Progress { get; } = [];

        public IReadOnlyList<MetricLine> Metrics(string arm) => MetricLog.Read(System.IO.Path.Combine(Path, arm, "metrics.jsonl"));

        public void Dispose() => _folder.Dispose();
    }
}
