using System.CommandLine;
using Goodhart.Cli.Parsing;
using Goodhart.Cli.Rendering;
using Goodhart.Distillation;
using Goodhart.Engine.Threading;
using Goodhart.Lab.Configuration;
using Goodhart.Lab.Experiments;
using Goodhart.Lab.Oracle;
using Goodhart.Lab.Report;
using Goodhart.Lab.Runs;

namespace Goodhart.Cli.Commands;

/// <summary>The controlled experiment in one go: oracle, teacher, student, and what becomes of each arm.</summary>
sealed class LabCommand : Verb
{
    /// <summary>What <c>--quick</c> sets: under a minute on two cores.</summary>
    static readonly string[] Quick =
    [
        "data.sft_prompts=1024",
        "data.distillation_prompts=96",
        "data.held_out_prompts=128",
        "teacher.sft.max_steps=200",
        "student.sft.max_steps=150",
        "distillation.max_steps=100",
        "evaluation.points=8",
        "evaluation.student_samples=32",
    ];

    static readonly ExperimentConfig Defaults = new();

    readonly Argument<string[]> _settings =
        SettingsArgument.Create("Settings in place of those of the file, such as distillation.learning_rate=2e-3.");

    readonly Option<string> _config = OptionOf.Text("--config", "FILE", "The experiment as YAML. [default: the settings of the run's config.yaml]");
    readonly Option<string> _output = OptionOf.Text("--output", "DIR", "The run's folder. [default: runs/lab-<n>]");
    readonly Option<long?> _seed = OptionOf.Number("--seed", "N", "Every random stream is derived from it. [default: 0]", 0L);
    readonly Option<string> _arms = OptionOf.Text("--arms", "A,B", $"What to compare, of {string.Join(", ", Arm.Names)}. [default: {string.Join(',', Defaults.Arms)}]");
    readonly Option<int?> _steps = OptionOf.Number("--steps", "N", $"Optimizer steps of each arm; the setting distillation.max_steps. [default: {Defaults.Distillation.MaxSteps}]", 1);
    readonly Option<bool> _quick = OptionOf.Flag("--quick", "A smaller experiment, in under a minute.");
    readonly Option<string> _oracle = OptionOf.Text("--oracle", "DIR", "The known truth: a Llama directory with a tokenizer. [default: the one that comes with goodhart]");
    readonly Option<string[]> _set = new("--set") { HelpName = "key=value", Description = "The same as key=value alone." };
    readonly Option<int?> _threads = OptionOf.Threads();
    readonly Option<bool> _overwrite = OptionOf.Overwrite();
    readonly Option<bool> _json = OptionOf.Flag("--json", "Write summary.json instead of the table.");

    public LabCommand() : base("lab", "Run the whole experiment: an oracle's texts make a teacher and a student; students distilled from the teacher are measured against the oracle.")
    {
        Arguments.Add(_settings);
        foreach (Option option in new Option[] { _config, _output, _seed, _arms, _steps, _quick, _oracle, _set, _threads, _overwrite, _json })
            Options.Add(option);
    }

    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("see teacher hacking happen, in a minute or in five", "goodhart lab --quick"),
        new("two arms, other seed, other learning rate", "goodhart lab --arms offline,online-student --seed 1 \\\n    distillation.learning_rate=2e-3"),
        new("an experiment of your own, for a script", "goodhart lab --config my.yaml --output runs/mine --json > mine.json"),
    ];

    public override int Run(ParseResult given, Terminal terminal, CancellationToken cancellation)
    {
        ExperimentConfig config = ConfigFile.Load<ExperimentConfig>(given.GetValue(_config), Overrides(given));
        string oracle = config.OracleModelNameOrPath ?? EmbeddedOracle();
        // Whether it can serve is asked before a folder is made or an earlier run removed.
        LanguageModel.CheckFinite(OracleModel.Load(oracle, config.Data).Model, oracle);
        RunFolder folder = RunFolder.Create(given.GetValue(_output), given.GetValue(_overwrite));

        RunSummary? summary = Run(config, oracle, folder, given.ThreadsOf(_threads), terminal, cancellation);
        if (cancellation.IsCancellationRequested)
            terminal.Error.WriteLine($"goodhart: stopped. What was done is in {folder.Path}.");
        if (summary is null)
            return ExitCode.Interrupted;

        if (given.GetValue(_json))
            terminal.Out.Write(summary.ToJson());
        else
            Write(terminal, summary, folder);
        return cancellation.IsCancellationRequested ? ExitCode.Interrupted : ExitCode.Done;
    }

    static RunSummary? Run(ExperimentConfig config, string oracle, RunFolder folder, int threads, Terminal terminal, CancellationToken cancellation)
    {
        terminal.Error.WriteLine($"{folder.Path}: {string.Join(", ", config.Arms)}; {Figures.Count(config.Distillation.MaxSteps)} steps each on {config.Loss.Formula}");
        using Workers workers = new(threads);
        return LiveProgress.Run(
            terminal, ["oracle", "teacher", "student", .. config.Arms],
            progress => LabExperiment.Run(config, oracle, folder, workers, TimeProvider.System, progress, cancellation), cancellation);
    }

    static void Write(Terminal terminal, RunSummary summary, RunFolder folder)
    {
        if (terminal.ErrorIsTerminal)
            terminal.Error.WriteLine();
        VerdictTable.Write(terminal, "arm", "time", [.. summary.Arms.Select(VerdictRow.Of)]);
        terminal.Out.WriteLine();
        terminal.Out.WriteLine($"Report: {folder.PathOf(HtmlReport.FileName)}");
    }

    /// <summary>The last one wins, and an option is meant more than a preset.</summary>
    List<string> Overrides(ParseResult given)
    {
        List<string> overrides = [];
        if (given.GetValue(_quick))
            overrides.AddRange(Quick);
        overrides.AddRange(given.GetValue(_settings) ?? []);
        overrides.AddRange(given.GetValue(_set) ?? []);
        if (given.GetValue(_seed) is long seed)
            overrides.Add($"seed={seed}");
        if (given.GetValue(_arms) is string arms)
            overrides.Add($"arms=[{arms}]");
        if (given.GetValue(_steps) is int steps)
            overrides.Add($"distillation.max_steps={steps}");
        if (given.GetValue(_oracle) is string oracle)
            overrides.Add($"oracle_model_name_or_path='{oracle.Replace("'", "''")}'");
        return overrides;
    }

    static string EmbeddedOracle()
    {
        string directory = Path.Combine(AppContext.BaseDirectory, "assets", "oracle-stories");
        return Directory.Exists(directory)
            ? directory
            : throw new UsageException($"{directory}: the oracle that comes with goodhart is not there. Name a Llama directory with --oracle, or install goodhart again.");
    }
}
