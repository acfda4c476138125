using Spectre.Console;

namespace Goodhart.Cli.Rendering;

/// <summary>A terminal's two sides as Spectre.Console sees them.</summary>
static class Consoles
{
    public static IAnsiConsole ForOut(this Terminal terminal) => Create(terminal.Out, terminal.OutIsTerminal, terminal);

    public static IAnsiConsole ForError(this Terminal terminal) => Create(terminal.Error, terminal.ErrorIsTerminal, terminal);

    static IAnsiConsole Create(TextWriter writer, bool isTerminal, Terminal terminal)
    {
        // The sixteen colours, since those follow the user's theme.
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(writer),
            Ansi = isTerminal ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = isTerminal && terminal.UsesColor ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Enrichment = new ProfileEnrichment { UseDefaultEnrichers = false },
        });
        console.Profile.Width = terminal.Width;
        return console;
    }
}
