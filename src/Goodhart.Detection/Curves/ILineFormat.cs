namespace Goodhart.Detection.Curves;

/// <summary>How one line of a log holds numbers.</summary>
interface ILineFormat
{
    /// <summary>Puts the numbers that the table wants into their cells; what is absent stays null.</summary>
    /// <exception cref="FormatException">The line breaks the format; the message does not name the line.</exception>
    void Read(string line, double?[] cells);
}
