using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using Goodhart.Cli.Commands;
using Goodhart.Cli.Parsing;

namespace Goodhart.Cli;

/// <summary>From arguments to an exit code.</summary>
static class CommandLine
{
    /// <summary>Parses, runs the verb, and turns whatever goes wrong into lines on stderr.</summary>
    /// <param name="args">Without the program's name.</param>
    /// <param name="terminal">Where to write.</param>
    /// <param name="cancellation">Asks for a clean stop.</param>
    public static int Run(IReadOnlyList<string> args, Terminal terminal, CancellationToken cancellation)
    {
        try
        {
            return Invoke(args, terminal, cancellation);
        }
        catch (Exception failure)
        {
            return Failure.Report(failure, terminal.Error);
        }
    }

    static int Invoke(IReadOnlyList<string> args, Terminal terminal, CancellationToken cancellation)
    {
        Option<bool> noColor = new("--no-color")
        {
            Description = "Write without colours, as with NO_COLOR set.",
            Recursive = true,
        };
        Command root = Root(noColor, terminal);
        // A prompt may begin with '@', so that is no response file.
        ParseResult given = root.Parse(args.Count == 0 ? ["--help"] : args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        terminal.UsesColor &= !given.GetValue(noColor);

        if (given.Action is HelpWithExamples or VersionAction)
            return given.Invoke(new InvocationConfiguration { Output = terminal.Out, Error = terminal.Error });
        if (given.Errors.Count > 0)
            throw new UsageException(ParseProblems.Of(given));
        return ((Verb)given.CommandResult.Command).Run(given, terminal, cancellation);
    }

    static Command Root(Option<bool> noColor, Terminal terminal) =>
        new("goodhart", "Distil language models, and know when the student is gaming its teacher.")
        {
            new LabCommand(),
            new DistillCommand(),
            new ValidateCommand(),
            new GenerateCommand(),
            new TrainCommand(),
            new ConvertCommand(),
            new DetectCommand(),
            new BenchCommand(),
            noColor,
            new HelpOption("--help", "-h", "-?") { Description = "Show this text.", Action = new HelpWithExamples(terminal.Width) },
            new Option<bool>("--version") { Description = "Show the version.", Action = new VersionAction() },
        };

    sealed class VersionAction : SynchronousCommandLineAction
    {
        public override bool ClearsParseErrors => true;

        public override int Invoke(ParseResult parseResult)
        {
            Version version = typeof(CommandLine).Assembly.GetName().Version!;
            parseResult.InvocationConfiguration.Output.WriteLine($"goodhart {version.ToString(3)}");
            return ExitCode.Done;
        }
    }
}
