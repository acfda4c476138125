using System.Text;
using System.Text.Json;

namespace Goodhart.Detection.Curves;

/// <summary>One JSON object a line; only numbers at its top level are looked at.</summary>
sealed class JsonLinesFormat(LogTable table) : ILineFormat
{
    byte[] _utf8 = [];

    public void Read(string line, double?[] cells)
    {
        try
        {
            var json = new Utf8JsonReader(Utf8(line));
            json.Read();
            if (json.TokenType != JsonTokenType.StartObject)
                throw new FormatException("expected one JSON object a line, got something else. Write each record as one line.");

            while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
            {
                string name = json.GetString()!;
                table.Saw(name);
                json.Read();
                if (table.CellOf(name) is var cell and >= 0)
                    cells[cell] = Value(name, ref json);
                json.Skip();
            }

            if (json.Read())
                throw new FormatException("expected one JSON object a line, got more than one.");
        }
        catch (JsonException problem)
        {
            throw new FormatException(
                "expected one whole JSON object on the line"
                + (HasBareNaN(line) ? ", got a bare NaN or Infinity, which JSON has no words for. " : ". ")
                + "Write each record as one line; cut the log before the run broke.", problem);
        }
    }

    ReadOnlySpan<byte> Utf8(string line)
    {
        int most = Encoding.UTF8.GetMaxByteCount(line.Length);
        _utf8 = _utf8.Length < most ? new byte[most] : _utf8;
        return _utf8.AsSpan(0, Encoding.UTF8.GetBytes(line, _utf8));
    }

    static double? Value(string name, ref Utf8JsonReader json) => json.TokenType switch
    {
        JsonTokenType.Null => null,
        JsonTokenType.Number => json.GetDouble(),
        JsonTokenType.String => CsvFormat.Number(name, json.GetString()!),
        _ => throw new FormatException(
            $"'{name}' should be a number, got {json.TokenType}. If this is the wrong key, name the right one."),
    };

    static bool HasBareNaN(string line) =>
        line.Contains(": NaN", StringComparison.Ordinal) || line.Contains(":NaN", StringComparison.Ordinal)
        || line.Contains("Infinity", StringComparison.Ordinal);
}
