using System.CommandLine;
using Goodhart.Cli.Parsing;
using Goodhart.Cli.Rendering;
using Goodhart.Engine.Threading;
using Goodhart.Lab.Configuration;
using Goodhart.Lab.Distilling;
using Goodhart.Lab.Experiments;
using Goodhart.Lab.Report;
using Goodhart.Lab.Runs;
using Spectre.Console;

namespace Goodhart.Cli.Commands;

/// <summary>One model of the user's distilled into another.</summary>
sealed class DistillCommand : Verb
{
    readonly Argument<string[]> _settings = SettingsArgument.Create(
        "Settings in place of those of the file: loss=jsd and --loss jsd mean the same; data.source=teacher reaches into a section.", anyKey: true);

    readonly Option<string> _config = OptionOf.Text("--config", "FILE", "The settings as YAML.");
    readonly Option<string> _output = OptionOf.Text("--output", "DIR", "The run's folder; the setting output_dir. [default: runs/distill-<n>]");
    readonly Option<int?> _threads = OptionOf.Threads();
    readonly Option<bool> _overwrite = OptionOf.Overwrite();
    readonly Option<bool> _json = OptionOf.Flag("--json", "Write summary.json instead of the table.");

    public DistillCommand() : base("distill", "Distil a teacher into a student on prompts of your own, and judge whether the student games its teacher. Exit code 3 if the self-test before training fails, or if the verdict is hacking.")
    {
        Arguments.Add(_settings);
        foreach (Option option in new Option[] { _config, _output, _threads, _overwrite, _json })
            Options.Add(option);
    }

    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("as the file says", "goodhart distill --config distil.yaml"),
        new("without a file: fresh completions of the student itself",
            "goodhart distill model_name_or_path=student \\\n    teacher_model_name_or_path=teacher dataset_path=prompts.jsonl \\\n    data.source=student data.mode=online"),
        new("another loss and seed", "goodhart distill --config distil.yaml --loss jsd --beta 0.1 --seed 1"),
    ];

    public override int Run(ParseResult given, Terminal terminal, CancellationToken cancellation)
    {
        List<string> overrides = [.. given.GetValue(_settings) ?? []];
        if (given.GetValue(_output) is string output)
            overrides.Add($"output_dir='{output.Replace("'", "''")}'");
        DistilConfig config = ConfigFile.Load<DistilConfig>(given.GetValue(_config), overrides);
        using Workers workers = new(given.ThreadsOf(_threads));
        DistilExperiment experiment = new(config);
        Announce(config, experiment, workers, terminal);

        RunFolder folder = RunFolder.Create(config.OutputDir, given.GetValue(_overwrite), "runs/distill-");
        terminal.Error.WriteLine($"{folder.Path}: {Figures.Count(config.Training.MaxSteps)} steps on {config.Distance.Formula}");
        string[] stages = config.Data is { Source: not DataSource.Dataset, Mode: CompletionMode.Offline } ? ["completions", "student"] : ["student"];
        RunSummary? summary = LiveProgress.Run(
            terminal, stages, progress => experiment.Run(folder, workers, TimeProvider.System, progress, cancellation), cancellation);
        if (cancellation.IsCancellationRequested)
            terminal.Error.WriteLine($"goodhart: stopped. What was done is in {folder.Path}.");
        if (summary is null)
            return ExitCode.Interrupted;

        Write(given, terminal, summary, folder);
        if (cancellation.IsCancellationRequested)
            return ExitCode.Interrupted;
        return summary.Arms.Any(arm => arm.Verdict == "hacking") ? ExitCode.Verdict : ExitCode.Done;
    }

    static void Announce(DistilConfig config, DistilExperiment experiment, Workers workers, Terminal terminal)
    {
        foreach (string note in experiment.Data.Notes)
            terminal.Error.WriteLine(note);
        IReadOnlyList<SelfCheck> checks = experiment.SelfTest(workers);
        foreach (SelfCheck check in checks)
            terminal.Error.WriteLine($"self-test: {(check.Passed ? "passed" : "FAILED")}: {check.Name}{(check.Passed ? $" ({check.Detail})" : "")}");
        if (checks.Any(check => !check.Passed))
            throw new SelfTestException(checks);

        Prediction prediction = experiment.Predict(workers);
        terminal.Error.WriteLine(FormattableString.Invariant(
            $"predicted: {prediction.PeakBytes / 1e9:0.00} GB at the peak; {Figures.Duration(prediction.TrainingTime)} of training in {Figures.Count(config.Training.MaxSteps)} steps, evaluation and writing completions apart"));
    }

    void Write(ParseResult given, Terminal terminal, RunSummary summary, RunFolder folder)
    {
        if (given.GetValue(_json))
        {
            terminal.Out.Write(summary.ToJson());
            return;
        }

        if (terminal.ErrorIsTerminal)
            terminal.Error.WriteLine();
        VerdictTable.Write(terminal, "run", "time", [.. summary.Arms.Select(VerdictRow.Of)]);
        terminal.Out.WriteLine();
        terminal.Out.WriteLine($"Student: {folder.PathOf(DistilExperiment.FinalModel)}");
        terminal.Out.WriteLine($"Report: {folder.PathOf(HtmlReport.FileName)}");
    }
}
