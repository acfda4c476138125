using System.CommandLine;

namespace Goodhart.Cli.Parsing;

/// <summary>A verb of goodhart: its options, its examples, and what it does.</summary>
abstract class Verb(string name, string description) : Command(name, description)
{
    /// <summary>Shown at the end of its help; the first also in the help of goodhart itself.</summary>
    public abstract IReadOnlyList<Example> Examples { get; }

    /// <summary>Does it, and returns the exit code.</summary>
    /// <param name="given">The options, free of errors.</param>
    /// <param name="terminal">Where to write.</param>
    /// <param name="cancellation">Asks for a clean stop.</param>
    public abstract int Run(ParseResult given, Terminal terminal, CancellationToken cancellation);
}

/// <param name="Purpose">What it is good for, in a few words.</param>
/// <param name="Text">As typed, in lines of fewer than 80 columns.</param>
sealed record Example(string Purpose, string Text);
