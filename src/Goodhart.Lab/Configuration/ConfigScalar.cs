using System.Globalization;
using Goodhart.Models.Checkpoints;

namespace Goodhart.Lab.Configuration;

/// <summary>The single values a key may have: numbers, truth values, texts and choices.</summary>
static class ConfigScalar
{
    public static bool Handles(Type type) => type.IsEnum || type == typeof(string) || type == typeof(bool)
        || type == typeof(int) || type == typeof(long) || type == typeof(double);

    /// <summary>What to write, as in <c>a whole number</c>.</summary>
    public static string Describe(Type type) =>
        type == typeof(string) ? "a text"
        : type == typeof(bool) ? "true or false"
        : type == typeof(double) ? "a number"
        : type.IsEnum ? $"one of {string.Join(", ", Choices(type).Keys)}"
        : "a whole number";

    public static bool TryParse(ScalarNode node, Type type, out object? value)
    {
        (bool parsed, value) = (type, node.Text) switch
        {
            ({ IsEnum: true }, string text) => (Choices(type).TryGetValue(text, out object? choice), choice),
            (_, string text) when type == typeof(string) => (true, text),
            _ when !node.IsPlain => (false, null),
            (_, "true" or "True" or "TRUE") when type == typeof(bool) => (true, true),
            (_, "false" or "False" or "FALSE") when type == typeof(bool) => (true, (object?)false),
            (_, string text) when type == typeof(int) => (int.TryParse(text, NumberStyles.AllowLeadingSign,
                CultureInfo.InvariantCulture, out int number), number),
            (_, string text) when type == typeof(long) => (long.TryParse(text, NumberStyles.AllowLeadingSign,
                CultureInfo.InvariantCulture, out long number), number),
            (_, string text) when type == typeof(double) => (double.TryParse(text, NumberStyles.Float,
                CultureInfo.InvariantCulture, out double number) && double.IsFinite(number), number),
            _ => (false, null),
        };
        return parsed;
    }

    public static string Format(object value) => value switch
    {
        bool truth => truth ? "true" : "false",
        double number => number.ToString("R", CultureInfo.InvariantCulture).Replace('E', 'e'),
        Enum choice => ConfigKey.NameOf(choice.ToString()),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    public static string? Nearest(string text, Type type) =>
        type.IsEnum ? NearestName.Find(text, Choices(type).Keys) : null;

    static Dictionary<string, object?> Choices(Type type) =>
        Enum.GetNames(type).ToDictionary(ConfigKey.NameOf, name => (object?)Enum.Parse(type, name));
}
