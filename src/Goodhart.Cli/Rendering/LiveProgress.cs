using Goodhart.Lab.Experiments;
using Spectre.Console;

namespace Goodhart.Cli.Rendering;

/// <summary>A table that redraws itself on a terminal while the work goes on.</summary>
static class LiveProgress
{
    static readonly TimeSpan Period = TimeSpan.FromMilliseconds(200);

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
