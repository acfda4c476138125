using System.Globalization;

namespace Goodhart.Detection.Curves;

/// <summary>Reads the curve of a run from the log of any tool: CSV with a header row, or JSON lines.</summary>
public static class CurveReader
{
    const int MaxPoints = 1_000_000;

    /// <summary>Reads to the end. Lines without a proxy (ordinary training lines) are skipped.</summary>
    /// <param name="reader">The log; its first character that is not blank tells JSON lines ({) from CSV.</param>
    /// <param name="columns">What the columns are called; null tries the names <see cref="CurveColumns"/> lists.</param>
    /// <param name="name">What messages call the log, such as its file name.</param>
    /// <exception cref="CurveException">The log is no curve; the message names the line and what to do.</exception>
    public static Curve Read(TextReader reader, CurveColumns? columns = null, string name = "log")
    {
        ArgumentNullException.ThrowIfNull(reader);

        var table = new LogTable(columns ?? new CurveColumns());
        var lines = new LineReader(reader);
        ILineFormat? format = null;
        try
        {
            while (lines.Next() is { } line)
            {
                if (string.IsNullOrWhiteSpace(line))
                    continue;

                if (format is null)
                {
                    format = FormatOf(line, table, out bool isHeader);
                    if (isHeader)
                        continue;
                }

                double?[] cells = table.NewCells();
                format.Read(line, cells);
                if (table.Add(lines.Number, cells) > MaxPoints)
                    throw new FormatException($"more than {MaxPoints} points. Log fewer evaluations, or thin them out.");
            }
        }
        catch (FormatException problem)
        {
            string where = string.Create(CultureInfo.InvariantCulture, $"{name}:{lines.Number}: ");
            throw new CurveException(where + problem.Message, problem);
        }

        if (format is null)
            throw new CurveException($"{name}: expected CSV with a header row or JSON lines, got an empty log.");
        return table.ToCurve(name);
    }

    static ILineFormat FormatOf(string line, LogTable table, out bool isHeader)
    {
        char first = line.AsSpan().TrimStart()[0];
        isHeader = first is not ('{' or '[');
        return isHeader ? new CsvFormat(line, table) : new JsonLinesFormat(table);
    }
}
