using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Goodhart.Cli.Parsing;

/// <summary>The usual help, and then examples.</summary>
sealed class HelpWithExamples(int terminalWidth) : SynchronousCommandLineAction
{
    const int Narrowest = 60, Widest = 100;

    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        InvocationConfiguration writers = parseResult.InvocationConfiguration;
        TextWriter output = writers.Output;
        using StringWriter usual = new();
        writers.Output = usual;
        new HelpAction { MaxWidth = Math.Clamp(terminalWidth, Narrowest, Widest) }.Invoke(parseResult);
        writers.Output = output;

        // The usual help leaves blanks where it breaks a line.
        foreach (string line in usual.ToString().TrimEnd().Split('\n'))
            output.WriteLine(line.TrimEnd());
        output.WriteLine();
        output.WriteLine("Examples:");
        foreach (Example example in ExamplesOf(parseResult.CommandResult.Command))
        {
            output.WriteLine($"  # {example.Purpose}");
            foreach (string line in example.Text.Split('\n'))
                output.WriteLine($"  {line}");
        }

        return ExitCode.Done;
    }

    static IEnumerable<Example> ExamplesOf(Command command) => command is Verb verb
        ? verb.Examples
        : command.Subcommands.OfType<Verb>().Select(each => each.Examples[0]);
}
