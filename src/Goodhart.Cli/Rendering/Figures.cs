using System.Globalization;

namespace Goodhart.Cli.Rendering;

/// <summary>Numbers as people read them; a dash where there is none.</summary>
static class Figures
{
    public const string None = "\u2013";

    /// <summary>A distance, in five characters where it is below ten.</summary>
    public static string Nats(double? value) => Format(value, value < 10 ? "0.000" : "0.0");

    public static string Count(double? value) => Format(value, "#,0.###");

    /// <summary>A change as a percentage with its sign.</summary>
    public static string Change(double? fraction) => Format(100 * fraction, fraction is < 10 ? "+0.0;-0.0;0.0" : "+0", "%");

    /// <summary>A number a second: 850, 45.1k, 1.2M.</summary>
    public static string Rate(double? value) => value switch
    {
        >= 1e6 => Format(value / 1e6, "0.0", "M"),
        >= 1e3 => Format(value / 1e3, "0.0", "k"),
        _ => Format(value, "0"),
    };

    /// <summary>Minutes and seconds, or hours, minutes and seconds.</summary>
    public static string Duration(TimeSpan? time) =>
        time?.ToString(time.Value.TotalHours >= 1 ? @"h\:mm\:ss" : @"m\:ss", CultureInfo.InvariantCulture) ?? None;

    static string Format(double? value, string format, string unit = "") =>
        value is double number && double.IsFinite(number) ? number.ToString(format, CultureInfo.InvariantCulture) + unit : None;
}
