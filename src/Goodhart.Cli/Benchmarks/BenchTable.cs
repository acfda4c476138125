using System.Globalization;
using Goodhart.Cli.Rendering;
using Spectre.Console;

namespace Goodhart.Cli.Benchmarks;

/// <summary>Rows as tables that fit into 80 columns, one for each group and one for its fits, with those columns that it has.</summary>
static class BenchTable
{
    static readonly (string Header, Func<BenchRow, string> Cell)[] Columns =
    [
        ("tokens/s", row => Whole(row.TokensPerSecond)),
        ("ms/step", row => row.Size is null ? "" : Short(1e3 * row.SecondsPerStep)),
        ("GFLOP/s", row => row.TokensPerSecond is null ? Short(row.Gflops) : ""),
        ("GB/s", row => Short(row.GigabytesPerSecond)),
        ("peak", row => Share(row.PeakShare)),
        ("MB", row => row.Size is null ? Whole(row.WorkingMemoryMb) : ""),
        ("logits", row => row.Size is null ? Share(row.LogitsShare) : ""),
        ("exponent", row => Decimals(row.Exponent)),
        ("+-", row => Decimals(row.ExponentError)),
        ("upper half", row => Decimals(row.UpperExponent)),
        ("peer", row => Whole(row.PeerTokensPerSecond)),
        ("ratio", row => Ratio(row.PeerRatio)),
        ("least", row => Ratio(row.PeerRatioMin)),
        ("target", row => TargetOf(row).ToString()),
        ("", row => TargetOf(row) == new Target() ? "" : row.TargetMet switch { true => "met", false => "missed", null => "open" }),
    ];

    /// <summary>What the columns mean, said where one of them is there.</summary>
    static readonly (string[] Headers, string Meaning)[] Keys =
    [
        (["peak"], "peak:    share of the multiply-adds that as many threads can do or, where no\n         GFLOP/s are counted, of the bytes to and from memory (a cache has more)"),
        (["MB", "logits"], "MB:      held by a step beyond weights, gradients and optimizer\nlogits:  the same, over the whole logits of both models"),
        (["least"], "least:   the lowest ratio of one round; all else are medians of the rounds"),
        (["exponent"], "exponent: of the time of a step over the size, 1 is linear; +-: two standard\n         errors; upper half: over the larger sizes alone"),
        (["target"], "target:  x times the fastest peer, % of the peak, 1/n of the logits, an exponent\n         within its error; open where a figure is lacking, such as a peer's"),
    ];

    public static void Write(Terminal terminal, IReadOnlyList<BenchRow> rows)
    {
        IAnsiConsole console = terminal.ForOut();
        HashSet<string> seen = [];
        foreach (IGrouping<(string, bool), BenchRow> group in rows.GroupBy(row => (row.Group, row.Exponent is null)))
        {
            Table table = new Table().Border(TableBorder.None);
            table.AddColumn(Column("case").LeftAligned());
            (string Header, Func<BenchRow, string> Cell)[] used = [.. Columns.Where(column => group.Any(row => column.Cell(row).Length > 0))];
            foreach ((string header, _) in used)
                table.AddColumn(header.Length == 0 ? Column(header).LeftAligned().PadRight(0) : Column(header).RightAligned());
            foreach (BenchRow row in group)
                table.AddRow([new Text(row.Case), .. used.Select(column => new Text(column.Cell(row)))]);
            console.Write(table);
            terminal.Out.WriteLine();
            seen.UnionWith(used.Select(column => column.Header));
        }

        foreach ((_, string meaning) in Keys.Where(key => key.Headers.Any(seen.Contains)))
            terminal.Out.WriteLine(meaning);
    }

    static TableColumn Column(string header) =>
        new TableColumn(new Text(header, new Style(decoration: Decoration.Dim))).NoWrap().Padding(0, 0, 1, 0);

    static Target TargetOf(BenchRow row) => new(row.TargetRatio, row.TargetPeakShare, row.TargetLogitsShare, row.TargetExponent);

    static string Whole(double? value) => value?.ToString("#,0", CultureInfo.InvariantCulture) ?? "";

    static string Short(double? value) => value?.ToString(value < 10 ? "0.00" : "#,0.0", CultureInfo.InvariantCulture) ?? "";

    static string Decimals(double? value) => value?.ToString("0.00", CultureInfo.InvariantCulture) ?? "";

    static string Share(double? value) => value?.ToString("0%", CultureInfo.InvariantCulture) ?? "";

    static string Ratio(double? value) => value?.ToString(value < 10 ? "0.00x" : "0.0x", CultureInfo.InvariantCulture) ?? "";
}
