using Goodhart.Detection.Verdicts;
using Goodhart.Lab.Runs;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Goodhart.Cli.Rendering;

/// <summary>One judged run: a row of the table, and a sentence below it.</summary>
/// <param name="Name">An arm or a log.</param>
/// <param name="Verdict">As in summary.json.</param>
/// <param name="Sentence">The verdict and its evidence.</param>
/// <param name="Golden">Null where there was no oracle.</param>
/// <param name="Proxy">The distance to the teacher.</param>
/// <param name="OnsetStep">Where it went wrong, if it did.</param>
/// <param name="Last">The last cell.</param>
sealed record VerdictRow(
    string Name, string Verdict, string Sentence, SeriesSummary? Golden, SeriesSummary? Proxy, double? OnsetStep, string Last)
{
    public static VerdictRow Of(ArmSummary arm) => new(
        arm.Arm, arm.Verdict, arm.VerdictSentence, Series(arm.GoldenForwardKl), Series(arm.ProxyForwardKl), arm.OnsetStep,
        Figures.Duration(TimeSpan.FromSeconds(arm.Seconds)));

    static SeriesSummary? Series(CurveSummary? curve) =>
        curve is null ? null : new SeriesSummary(curve.First, curve.Min, curve.MinStep, curve.Last, curve.Rise);
}

/// <summary>Verdicts as a table that fits into 80 columns, and their sentences.</summary>
static class VerdictTable
{
    const int LongestName = 15;

    /// <param name="terminal">Written to its Out.</param>
    /// <param name="nameHeader">What a row is: arm or log.</param>
    /// <param name="lastHeader">What the last cells are.</param>
    /// <param name="rows">In this order.</param>
    public static void Write(Terminal terminal, string nameHeader, string lastHeader, IReadOnlyList<VerdictRow> rows)
    {
        IAnsiConsole console = terminal.ForOut();
        console.Write(Table(nameHeader, lastHeader, rows));
        foreach (VerdictRow row in rows)
        {
            VerdictMark mark = VerdictMark.Of(row.Verdict);
            console.WriteLine();
            console.Write(new Paragraph().Append(mark.Shape + " ", mark.Style).Append(row.Name + "\n", new Style(decoration: Decoration.Bold)));
            console.Write(new Padder(new Text(row.Sentence)).Padding(2, 0, 0, 0));
        }
    }

    static Table Table(string nameHeader, string lastHeader, IReadOnlyList<VerdictRow> rows)
    {
        Table table = new Table().Border(TableBorder.None);
        table.AddColumn(Column($"\n{nameHeader}", Justify.Left).NoWrap());
        table.AddColumn(Column("\nverdict", Justify.Left).Width(11));
        foreach (string header in new[] { "golden\nfirst", "\nmin", "\nlast", "\nrise", "proxy\nmin", "\nlast", "\nonset", $"\n{lastHeader}" })
        {
            TableColumn column = Column(header, Justify.Right).NoWrap();
            bool beginsGroup = header[0] != '\n';
            table.AddColumn(beginsGroup ? column.PadLeft(1) : column);
        }

        foreach (VerdictRow row in rows)
            table.AddRow([.. Cells(row)]);
        return table;
    }

    static IEnumerable<IRenderable> Cells(VerdictRow row)
    {
        VerdictMark mark = VerdictMark.Of(row.Verdict);
        yield return new Text(Shorten(row.Name));
        yield return new Text(mark.Words, mark.Style);
        foreach (string figure in new[]
        {
            Figures.Nats(row.Golden?.First), Figures.Nats(row.Golden?.Min), Figures.Nats(row.Golden?.Last), Figures.Change(row.Golden?.Rise),
            Figures.Nats(row.Proxy?.Min), Figures.Nats(row.Proxy?.Last), Figures.Count(row.OnsetStep), row.Last,
        })
            yield return new Text(figure);
    }

    static TableColumn Column(string header, Justify alignment) =>
        new TableColumn(new Text(header, new Style(decoration: Decoration.Dim))).Alignment(alignment).Padding(0, 0, 1, 0);

    /// <summary>The end of a path tells more than its beginning.</summary>
    static string Shorten(string name) => name.Length <= LongestName ? name : "\u2026" + name[^(LongestName - 1)..];
}
