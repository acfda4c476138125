using System.Collections.Frozen;
using System.Globalization;
using Goodhart.Tokenizers.ChatTemplates.Evaluation;
using Goodhart.Tokenizers.ChatTemplates.Values;

namespace Goodhart.Tokenizers.ChatTemplates.Functions;

/// <summary>What <c>value | filter</c> does.</summary>
delegate object? Filter(object? value, Arguments arguments);

/// <summary>The filters of Jinja that chat templates use.</summary>
static class Filters
{
    public static FrozenDictionary<string, Filter> All { get; } = new Dictionary<string, Filter>
    {
        ["trim"] = (value, arguments) => StringMethods.Strip(Value.Text(value), arguments),
        ["upper"] = (value, arguments) => OfText(value, arguments, text => text.ToUpperInvariant()),
        ["lower"] = (value, arguments) => OfText(value, arguments, text => text.ToLowerInvariant()),
        ["title"] = (value, arguments) => OfText(value, arguments, Title),
        ["capitalize"] = (value, arguments) => OfText(value, arguments, StringMethods.Capitalize),
        ["string"] = (value, arguments) => OfText(value, arguments, text => text),
        ["safe"] = (value, arguments) => OfText(value, arguments, text => text),
        ["escape"] = (value, arguments) => OfText(value, arguments, Escape),
        ["e"] = (value, arguments) => OfText(value, arguments, Escape),
        ["replace"] = (value, arguments) => StringMethods.Replace(Value.Text(value), arguments),
        ["indent"] = Indent,
        ["tojson"] = ToJson,
        ["length"] = (value, arguments) => Length(value, arguments),
        ["count"] = (value, arguments) => Length(value, arguments),
        ["default"] = Default,
        ["d"] = Default,
        ["first"] = (value, arguments) => Item.Get(OfItems(value, arguments, items => items), 0L),
        ["last"] = (value, arguments) => Item.Get(OfItems(value, arguments, items => items), -1L),
        ["list"] = (value, arguments) => OfItems(value, arguments, items => [.. items]),
        ["reverse"] = (value, arguments) => value is string text
            ? string.Concat(OfItems(text, arguments, Reversed))
            : OfItems(value, arguments, Reversed),
        ["items"] = (value, arguments) =>
        {
            arguments.None();
            return value is Undefined ? new List<object?>() : Methods.Pairs(Mapping(value));
        },
        ["join"] = Join,
        ["int"] = ToInteger,
        ["float"] = ToFloat,
        ["abs"] = (value, arguments) =>
        {
            arguments.None();
            return Number.Calculate("*", value, Number.Of(value) < 0 ? -1L : 1L);
        },
        ["round"] = Round,
        ["sum"] = (value, arguments) => Lists.Sum(value, arguments),
        ["min"] = (value, arguments) => Lists.Extreme(value, arguments, -1),
        ["max"] = (value, arguments) => Lists.Extreme(value, arguments, 1),
        ["sort"] = Lists.Sort,
        ["dictsort"] = Lists.SortFields,
        ["unique"] = Lists.Unique,
        ["map"] = Lists.Map,
        ["select"] = (value, arguments) => Lists.Select(value, arguments, byAttribute: false, keeps: true),
        ["reject"] = (value, arguments) => Lists.Select(value, arguments, byAttribute: false, keeps: false),
        ["selectattr"] = (value, arguments) => Lists.Select(value, arguments, byAttribute: true, keeps: true),
        ["rejectattr"] = (value, arguments) => Lists.Select(value, arguments, byAttribute: true, keeps: false),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public static OrderedDictionary<string, object?> Mapping(object? value) =>
        value as OrderedDictionary<string, object?> ?? throw new Fault($"should be a mapping, got {Value.KindOf(value)}.");

    static string OfText(object? value, Arguments arguments, Func<string, string> function)
    {
        arguments.None();
        return Budget.Charged(function(Value.Text(value)));
    }

    static List<object?> OfItems(object? value, Arguments arguments, Func<List<object?>, List<object?>> function)
    {
        arguments.None();
        return Budget.Charged(function(Value.Items(value)));
    }

    static List<object?> Reversed(List<object?> items) => [.. Enumerable.Reverse(items)];

    /// <summary>Unlike the method of that name, it begins words only after white space, hyphens and opening brackets.</summary>
    static string Title(string text) => string.Concat(text.Select((c, i) =>
        i == 0 || char.IsWhiteSpace(text[i - 1]) || text[i - 1] is '-' or '(' or '{' or '[' or '<' ? char.ToUpperInvariant(c) : char.ToLowerInvariant(c)));

    static string Escape(string text) => text
        .Replace("&", "&amp;", StringComparison.Ordinal)
        .Replace("<", "&lt;", StringComparison.Ordinal)
        .Replace(">", "&gt;", StringComparison.Ordinal)
        .Replace("'", "&#39;", StringComparison.Ordinal)
        .Replace("\"", "&#34;", StringComparison.Ordinal);

    static long Length(object? value, Arguments arguments)
    {
        arguments.None();
        return value switch
        {
            OrderedDictionary<string, object?> fields => fields.Count,
            string text => Budget.Charged(text).EnumerateRunes().LongCount(),
            List<object?> or Undefined => (long)Value.Items(value).Count,
            _ => throw new Fault($"{Value.KindOf(value)} has no length."),
        };
    }

    static object? Default(object? value, Arguments arguments)
    {
        object?[] bound = arguments.Bind(0, "default_value", "boolean");
        bool isMissing = value is Undefined || (Value.IsTrue(bound[1]) && !Value.IsTrue(value));
        return !isMissing ? value : bound[0] is Undefined ? "" : bound[0];
    }

    static string Join(object? value, Arguments arguments)
    {
        object?[] bound = arguments.Bind(0, "d", "attribute");
        IEnumerable<object?> items = Value.Items(value);
        if (bound[1] is not Undefined)
            items = items.Select(item => Lists.AttributeOf(item, bound[1]));
        return Budget.Joined(Value.Text(bound[0]), [.. items.Select(Value.Text)]);
    }

    static string ToJson(object? value, Arguments arguments)
    {
        object?[] bound = arguments.Bind(0, "ensure_ascii", "indent", "separators", "sort_keys");
        if (Value.IsTrue(bound[0]))
            throw new Fault("tojson with ensure_ascii is not supported.");

        int? indent = bound[1] is null or Undefined ? null : Number.Whole(bound[1], "indent") is long given and >= 0 and <= 16
            ? (int)given
            : throw new Fault("the indent of tojson should be from 0 to 16.");
        (string, string)? separators = bound[2] switch
        {
            null or Undefined => null,
            List<object?> and [string items, string key] => (items, key),
            _ => throw new Fault("the separators of tojson should be two texts."),
        };
        return Budget.Charged(Json.Write(value, indent, Value.IsTrue(bound[3]), separators));
    }

    static string Indent(object? value, Arguments arguments)
    {
        object?[] bound = arguments.Bind(0, "width", "first", "blank");
        string margin = bound[0] switch
        {
            Undefined => "    ",
            string given => given,
            _ => new string(' ', (int)Math.Clamp(Number.Whole(bound[0], "width"), 0, 1024)),
        };
        string[] lines = Value.Text(value).Split('\n');
        Budget.Charge((long)margin.Length * lines.Length);
        return Budget.Charged(string.Join('\n', lines.Select((line, i) =>
            (i > 0 || Value.IsTrue(bound[1])) && (line.Length > 0 || Value.IsTrue(bound[2])) ? margin + line : line)));
    }

    static object? ToInteger(object? value, Arguments arguments)
    {
        object? otherwise = arguments.Bind(0, "default")[0] is object given and not Undefined ? given : 0L;
        return value switch
        {
            string text => long.TryParse(text.Trim(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long whole) ? whole
                : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double real) ? Truncated(real, otherwise)
                : otherwise,
            double real => Truncated(real, otherwise),
            Undefined unset => throw unset.Used(),
            _ => Number.Of(value) is double ? Number.Whole(value, "int") : otherwise,
        };
    }

    static object? Truncated(double real, object? otherwise) => Math.Abs(real) < long.MaxValue ? (long)real : otherwise;

    static object? ToFloat(object? value, Arguments arguments)
    {
        object? otherwise = arguments.Bind(0, "default")[0] is object given and not Undefined ? given : 0.0;
        if (value is string text)
            return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double real) ? real : otherwise;
        return value is Undefined unset ? throw unset.Used() : Number.Of(value) ?? otherwise;
    }

    static object? Round(object? value, Arguments arguments)
    {
        object?[] bound = arguments.Bind(0, "precision", "method");
        if (Number.Of(value) is not double number)
            throw new Fault($"{Value.KindOf(value)} cannot be rounded.");

        if (value is not double && bound[1] is Undefined or "common")
            return Number.Whole(value, "round");

        double scale = Math.Pow(10, bound[0] is Undefined ? 0 : Math.Clamp(Number.Whole(bound[0], "precision"), 0, 15));
        return (bound[1] is string method ? method : "common") switch
        {
            "common" => Math.Round(number * scale, MidpointRounding.ToEven) / scale,
            "ceil" => Math.Ceiling(number * scale) / scale,
            "floor" => Math.Floor(number * scale) / scale,
            string other => throw new Fault($"the method of round should be 'common', 'ceil' or 'floor', got '{other}'."),
        };
    }
}
