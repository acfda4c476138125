using System.Globalization;
using Goodhart.Cli.Rendering;
using Goodhart.Engine.Autograd;
using Spectre.Console;

namespace Goodhart.Cli.Benchmarks;

/// <summary>Where the time of a case went, op by op; on stderr, since it is no result.</summary>
static class ProfileTable
{
    static readonly string[] Headers = ["calls", "forward ms", "backward ms", "share"];

    public static void Write(Terminal terminal, string name, OpProfile profile)
    {
        double all = profile.Times.Sum(time => (time.Forward + time.Backward).TotalMilliseconds);
        Table table = new Table().Border(TableBorder.None);
        table.AddColumn(new TableColumn(name).PadRight(1));
        foreach (string header in Headers)
            table.AddColumn(new TableColumn(header).RightAligned().Padding(0, 0, 1, 0));
        foreach (OpTime time in profile.Times)
        {
            double together = (time.Forward + time.Backward).TotalMilliseconds;
            table.AddRow(time.Op, Figures.Count(time.Calls), Milliseconds(time.Forward), Milliseconds(time.Backward),
                (together / all).ToString("0%", CultureInfo.InvariantCulture));
        }

        terminal.ForError().Write(table);
    }

    static string Milliseconds(TimeSpan time) => time.TotalMilliseconds.ToString("#,0.0", CultureInfo.InvariantCulture);
}
