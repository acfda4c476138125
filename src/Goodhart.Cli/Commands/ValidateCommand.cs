using System.CommandLine;
using Goodhart.Cli.Parsing;
using Goodhart.Lab.Configuration;
using Goodhart.Lab.Distilling;

namespace Goodhart.Cli.Commands;

/// <summary>Whether a distillation could begin: settings and data, without weights.</summary>
sealed class ValidateCommand : Verb
{
    readonly Argument<string[]> _settings = SettingsArgument.Create("Settings in place of those of the file, as for 'goodhart distill'.", anyKey: true);
    readonly Option<string> _config = OptionOf.Text("--config", "FILE", "The settings as YAML.");

    public ValidateCommand() : base("validate", "Check the settings and the data of a distillation without training. No weights are loaded. The resolved settings go to stdout.")
    {
        Arguments.Add(_settings);
        Options.Add(_config);
    }

    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("settings and data of a file", "goodhart validate --config distil.yaml"),
        new("the same for other data, keeping the resolved settings", "goodhart validate --config distil.yaml \\\n    dataset_path=more.jsonl > resolved.yaml"),
    ];

    public override int Run(ParseResult given, Terminal terminal, CancellationToken cancellation)
    {
        DistilConfig config = ConfigFile.Load<DistilConfig>(given.GetValue(_config), given.GetValue(_settings) ?? []);
        foreach (string note in DistilExperiment.Read(config).Notes)
            terminal.Error.WriteLine(note);
        terminal.Out.Write(ConfigFile.ToYaml(config));
        return ExitCode.Done;
    }
}
