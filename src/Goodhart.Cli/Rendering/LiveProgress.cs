using Goodhart.Lab.Experiments;
using Spectre.Console;

namespace Goodhart.Cli.Rendering;

/// <summary>A table that redraws itself on a terminal while the work goes on.</summary>
static class LiveProgress
{
    static readonly TimeSpan Period = TimeSpan.FromMilliseconds(200);

    const string Stopping = "stopping after this step; Ctrl-C once more ends at once.";

    /// <summary>Does the work with its stages on a terminal in view, and elsewhere with plain lines.</summary>
    public static T Run<T>(Terminal terminal, IReadOnlyList<string> stages, Func<IProgress<LabProgress>, T> work, CancellationToken cancellation)
    {
        IAnsiConsole console = terminal.ForError();
        if (!console.Profile.Capabilities.Ansi)
        {
            using CancellationTokenRegistration stopping = cancellation.Register(() => terminal.Error.WriteLine(Stopping));
            return work(new PlainProgress(terminal.Error, TimeProvider.System));
        }

        LabBoard board = new(
            stages, () => cancellation.IsCancellationRequested ? Stopping : "Ctrl-C stops and keeps what is done.", TimeProvider.System);
        return Run(terminal, console, board, work);
    }

    /// <summary>Does the work with the board in view; its last state stays on the screen.</summary>
    public static T Run<T>(Terminal terminal, IAnsiConsole console, LabBoard board, Func<IProgress<LabProgress>, T> work) =>
        console.Live(board.Render(terminal.Width)).Overflow(VerticalOverflow.Ellipsis).Start(live =>
        {
            void Redraw()
            {
                console.Profile.Width = terminal.Width;
                live.UpdateTarget(board.Render(terminal.Width));
            }

            // The clock redraws, not the work: that is never held up, and time passes in long steps, too.
            using (new Timer(_ => Redraw(), null, Period, Period))
            {
                try
                {
                    return work(board);
                }
                finally
                {
                    Redraw();
                }
            }
        });
}
