using System.Globalization;
using Goodhart.Cli.Rendering;
using Spectre.Console;

namespace Goodhart.Cli.Benchmarks;

/// <summary>Rows as a table that fits into 80 columns.</summary>
static class BenchTable
{
    static readonly string[] Headers = ["tokens/s", "GFLOP/s", "GB/s", "of peak", "MB"];

    public static void Write(Terminal terminal, IReadOnlyList<BenchRow> rows)
    {
        bool hasPeer = rows.Any(row => row.PeerTokensPerSecond is not null);
        Table table = new Table().Border(TableBorder.None);
        table.AddColumn(Column("case").LeftAligned());
        foreach (string header in hasPeer ? [.. Headers, "peer", "ratio"] : Headers)
            table.AddColumn(Column(header).RightAligned());

        string group = "";
        foreach (BenchRow row in rows)
        {
            if (group.Length > 0 && row.Group != group)
                table.AddEmptyRow();
            group = row.Group;
            IEnumerable<string> cells = [row.Case, Whole(row.TokensPerSecond), Short(row.Gflops), Short(row.GigabytesPerSecond), Share(row.PeakShare), Whole(row.WorkingMemoryMb)];
            if (hasPeer)
                cells = [.. cells, Whole(row.PeerTokensPerSecond), row.PeerRatio is double ratio ? ratio.ToString("0.0", CultureInfo.InvariantCulture) + "x" : ""];
            table.AddRow([.. cells.Select(cell => new Text(cell))]);
        }

        terminal.ForOut().Write(table);
    }

    static TableColumn Column(string header) =>
        new TableColumn(new Text(header, new Style(decoration: Decoration.Dim))).NoWrap().Padding(0, 0, 1, 0);

    static string Whole(double? value) => value?.ToString("#,0", CultureInfo.InvariantCulture) ?? "";

    static string Short(double? value) => value?.ToString(value < 10 ? "0.00" : "0.0", CultureInfo.InvariantCulture) ?? "";

    static string Share(double? value) => value?.ToString("0%", CultureInfo.InvariantCulture) ?? "";
}
