using System.Text;

namespace Goodhart.Detection.Curves;

/// <summary>Lines of a text, counted, and never longer than a bound, so that no input can exhaust memory.</summary>
sealed class LineReader(TextReader reader)
{
    const int MaxLength = 1 << 20;

    readonly char[] _buffer = new char[1 << 14];
    readonly StringBuilder _line = new();
    int _at, _end;

    /// <summary>The number of the line last returned, from 1.</summary>
    public int Number { get; private set; }

    /// <summary>The next line without its end, or null after the last.</summary>
    public string? Next()
    {
        Number++;
        _line.Clear();
        while (Fill())
        {
            Span<char> rest = _buffer.AsSpan(_at, _end - _at);
            int newline = rest.IndexOf('\n');
            _line.Append(newline < 0 ? rest : rest[..newline]);
            _at += newline < 0 ? rest.Length : newline + 1;

            if (_line.Length > MaxLength)
                throw new FormatException($"a line should have at most {MaxLength} characters. Is this a text log?");
            if (newline >= 0)
                return Line();
        }

        return _line.Length > 0 ? Line() : null;
    }

    string Line()
    {
        string line = _line.ToString().TrimEnd('\r');
        return Number == 1 ? line.TrimStart('\uFEFF') : line;
    }

    bool Fill()
    {
        if (_at < _end)
            return true;
        (_at, _end) = (0, reader.Read(_buffer, 0, _buffer.Length));
        return _end > 0;
    }
}
