using System.Globalization;

namespace Goodhart.Lab.Report;

/// <summary>Numbers as people read them; a dash where there is none.</summary>
static class Numbers
{
    public const string None = "\u2013";

    public static string Nats(double? value) => Format(value, "0.000");

    public static string Count(double? value) => Format(value, "#,0");

    public static string Factor(double? value) => Format(value, value >= 10 ? "#,0" : "0.0#");

    /// <summary>A share of one: <c>0.053</c> is 5.3%.</summary>
    public static string Share(double? value) => Format(100 * value, value is > 0 and < 0.0995 ? "0.0" : "0", "%");

    /// <summary>A change with its sign.</summary>
    public static string Change(double? value) => Format(100 * value, "+0.0;\u22120.0;0.0", "%");

    /// <summary>At a tick: as few digits as it needs.</summary>
    public static string Tick(double value) => Format(value, "#,0.#####");

    public static string Duration(double seconds) => seconds switch
    {
        double.NaN => None,
        < 60 => Format(seconds, "0.0") + " s",
        < 3600 => $"{(int)(seconds / 60)} min {(int)(seconds % 60)} s",
        _ => $"{(int)(seconds / 3600)} h {(int)(seconds % 3600 / 60)} min",
    };

    static string Format(double? value, string format, string unit = "") =>
        value is double number && double.IsFinite(number)
            ? number.ToString(format, CultureInfo.InvariantCulture).Replace('-', '\u2212') + unit
            : None;
}
