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
        int count = 0;
        for (int at = 0; at <= line.Length; count++)
        {
            ReadOnlySpan<char> field = Next(line, ref at);
            if (count < _cellOfField.Length && _cellOfField[count] >= 0 && !field.IsWhiteSpace())
                cells[_cellOfField[count]] = Number(_names[count], field);
        }

        if (count != _names.Count)
        {
            throw new FormatException(
                $"expected {_names.Count} fields as in the header, got {count}. Quote fields that hold commas.");
        }
    }

    internal static double Number(string name, ReadOnlySpan<char> text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
            ? number
            : throw new FormatException(
                $"'{name}' should be a number, got '{text}'. If this is the wrong column, name the right one.");

    static List<string> Split(string line)
    {
        List<string> fields = [];
        for (int at = 0; at <= line.Length;)
            fields.Add(Next(line, ref at).ToString());
        return fields;
    }

    /// <summary>The field at a place in the line, which moves to the start of the next, or past the line's end.</summary>
    static ReadOnlySpan<char> Next(string line, ref int at)
    {
        if (at < line.Length && line[at] == '"')
            return Quoted(line, ref at);

        ReadOnlySpan<char> rest = line.AsSpan(at);
        int comma = rest.IndexOf(',');
        ReadOnlySpan<char> field = comma < 0 ? rest : rest[..comma];
        at += field.Length + 1;
        return field.Trim();
    }

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
            {
                at++;
                return field.ToString();
            }

            if (line[at] != '"')
            {
                throw new FormatException(
                    $"a quoted field should end before a comma, got '{line[at]}'. Double a quote inside a field.");
            }

            field.Append('"');
        }

        throw new FormatException("a quoted field is not closed on its line. Close it; a field cannot span lines.");
    }
}
