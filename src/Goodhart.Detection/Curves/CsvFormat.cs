using System.Globalization;
using System.Text;

namespace Goodhart.Detection.Curves;

/// <summary>Comma-separated values under a header row; a field may be quoted, a quote in it doubled.</summary>
sealed class CsvFormat : ILineFormat
{
    readonly List<string> _names;
    readonly int[] _cellOfField;

    public CsvFormat(string header, LogTable table)
    {
        _names = Split(header);
        foreach (string name in _names)
            table.Saw(name);
        _cellOfField = [.. _names.Select(table.CellOf)];
    }

    public void Read(string line, double?[] cells)
    {
        List<string> fields = Split(line);
        if (fields.Count != _names.Count)
        {
            throw new FormatException(
                $"expected {_names.Count} fields as in the header, got {fields.Count}. Quote fields that hold commas.");
        }

        for (int i = 0; i < fields.Count; i++)
        {
            if (_cellOfField[i] >= 0 && !string.IsNullOrWhiteSpace(fields[i]))
                cells[_cellOfField[i]] = Number(_names[i], fields[i]);
        }
    }

    internal static double Number(string name, string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
            ? number
            : throw new FormatException($"'{name}' should be a number, got '{text}'. If this is the wrong column, name the right one.");

    static List<string> Split(string line)
    {
        List<string> fields = [];
        for (int at = 0; at <= line.Length; at++)
        {
            if (at < line.Length && line[at] == '"')
            {
                fields.Add(Quoted(line, ref at));
                continue;
            }

            int end = line.IndexOf(',', at);
            end = end < 0 ? line.Length : end;
            fields.Add(line[at..end].Trim());
            at = end;
        }

        return fields;
    }

    /// <summary>Leaves <paramref name="at"/> on the comma after the field, or at the end of the line.</summary>
    static string Quoted(string line, ref int at)
    {
        var field = new StringBuilder();
        for (at++; at < line.Length; at++)
        {
            if (line[at] != '"')
            {
                field.Append(line[at]);
                continue;
            }

            at++;
            if (at == line.Length || line[at] == ',')
                return field.ToString();
            if (line[at] != '"')
                throw new FormatException($"a quoted field should end before a comma, got '{line[at]}'. Double a quote inside a field.");
            field.Append('"');
        }

        throw new FormatException("a quoted field is not closed on its line. Close it; a field cannot span lines.");
    }
}
