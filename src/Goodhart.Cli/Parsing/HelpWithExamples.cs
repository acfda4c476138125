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
        new HelpAction { MaxWidth = Math.Clamp(terminalWidth, Narrowest, Widest) }.Invoke(parseResult);

        TextWriter output = parseResult.InvocationConfiguration.Output;
        output.WriteLine("Examples:");
        foreach (Example example in ExamplesOf(parseResult.CommandResult.Command))
        {
            output.WriteLine($"  # {example.Purpose}");
            output.WriteLine($"  {example.Line}");
        }

        output.WriteLine();
        return ExitCode.Done;
    }

    static IEnumerable<Example> ExamplesOf(Command command) => command is Verb verb
        ? verb.Examples
        : command.Subcommands.OfType<Verb>().Select(each => each.Examples[0]);
}
