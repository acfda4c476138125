using System.Text;

namespace Goodhart.Cli;

/// <summary>Where a command writes: results to Out, talk to Error.</summary>
/// <param name="output">Results.</param>
/// <param name="error">Talk, progress and problems.</param>
sealed class Terminal(TextWriter output, TextWriter error)
{
    const int UsualWidth = 80;

    public TextWriter Out { get; } = output;

    public TextWriter Error { get; } = error;

    /// <summary>Whether somebody looks at Out, rather than a file or a pipe.</summary>
    public bool OutIsTerminal { get; init; }

    /// <summary>Whether somebody looks at Error.</summary>
    public bool ErrorIsTerminal { get; init; }

    /// <summary>Whether colours are welcome where somebody looks.</summary>
    public bool UsesColor { get; set; }

    /// <summary>Columns as of now; 80 where nobody looks.</summary>
    public int Width => OutIsTerminal || ErrorIsTerminal ? WidthOfConsole() : UsualWidth;

    public static Terminal OfProcess()
    {
        if (OperatingSystem.IsWindows())
            Console.OutputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);

        return new Terminal(Console.Out, Console.Error)
        {
            OutIsTerminal = !Console.IsOutputRedirected,
            ErrorIsTerminal = !Console.IsErrorRedirected,
            UsesColor = string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")),
        };
    }

    static int WidthOfConsole()
    {
        try
        {
            return Console.WindowWidth > 0 ? Console.WindowWidth : UsualWidth;
        }
        catch (IOException)
        {
            return UsualWidth; // Some terminals do not tell.
        }
    }
}
