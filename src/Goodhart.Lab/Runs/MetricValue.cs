namespace Goodhart.Lab.Runs;

/// <summary>A number or a text.</summary>
public readonly record struct MetricValue
{
    MetricValue(double number, string? text) => (Number, Text) = (number, text);

    /// <summary>The number; NaN where it is a text.</summary>
    public double Number { get; }

    /// <summary>The text, or null where it is a number.</summary>
    public string? Text { get; }

    /// <summary>A number.</summary>
    public static MetricValue FromDouble(double number) => new(number, null);

    /// <summary>A text.</summary>
    public static MetricValue FromString(string text) => new(double.NaN, text);

    /// <summary>A number.</summary>
    public static implicit operator MetricValue(double number) => FromDouble(number);

    /// <summary>A text.</summary>
    public static implicit operator MetricValue(string text) => FromString(text);
}
