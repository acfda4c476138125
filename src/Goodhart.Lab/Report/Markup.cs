using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace Goodhart.Lab.Report;

/// <summary>Finished HTML or SVG. Made by interpolation, which escapes every text it is given.</summary>
readonly record struct Markup(string Text)
{
    public static Markup Empty { get; } = new("");

    /// <summary>Holes that are markup go in as they are; texts are escaped, numbers are written for coordinates.</summary>
    public static Markup Of(MarkupHandler handler) => new(handler.Finish());

    public static Markup Join(IEnumerable<Markup> parts) => new(string.Concat(parts.Select(part => part.Text)));

    public override string ToString() => Text;
}

[InterpolatedStringHandler]
readonly ref struct MarkupHandler
{
    readonly StringBuilder _text;

    public MarkupHandler(int literalLength, int formattedCount) =>
        _text = new StringBuilder(literalLength + 16 * formattedCount);

    public void AppendLiteral(string literal) => _text.Append(literal);

    public void AppendFormatted(Markup markup) => _text.Append(markup.Text);

    public void AppendFormatted(double number) =>
        _text.Append((number == 0 ? 0 : number).ToString("0.##", CultureInfo.InvariantCulture));

    public void AppendFormatted(string? text)
    {
        foreach (char c in text ?? "")
        {
            _ = c switch
            {
                '&' => _text.Append("&amp;"),
                '<' => _text.Append("&lt;"),
                '>' => _text.Append("&gt;"),
                '"' => _text.Append("&quot;"),
                '\'' => _text.Append("&#39;"),
                '\n' or '\t' => _text.Append(c),
                '\r' => _text,
                _ when char.IsControl(c) || c is '\uFFFE' or '\uFFFF' => _text.Append('\uFFFD'),
                _ => _text.Append(c),
            };
        }
    }

    public string Finish() => _text.ToString();
}
