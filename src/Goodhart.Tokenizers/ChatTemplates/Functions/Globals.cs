using System.Globalization;
using System.Text;
using Goodhart.Tokenizers.ChatTemplates.Evaluation;
using Goodhart.Tokenizers.ChatTemplates.Values;

namespace Goodhart.Tokenizers.ChatTemplates.Functions;

/// <summary>The functions that every chat template may call.</summary>
static class Globals
{
    public static void AddTo(Scope scope)
    {
        scope.Set("raise_exception", new Callable(arguments => throw new Fault(Value.Text(arguments.One("message")))));
        scope.Set("namespace", new Callable(arguments => new Namespace(Fields(arguments))));
        scope.Set("dict", new Callable(Fields));
        scope.Set("range", new Callable(Range));
        scope.Set("strftime_now", new Callable(arguments => FormatTime(scope.Rendering.Now, Value.Text(arguments.One("format")))));
    }

    static OrderedDictionary<string, object?> Fields(Arguments arguments)
    {
        OrderedDictionary<string, object?> fields = [];
        if (arguments.Positional.Count > 1)
            throw new Fault($"{arguments.Function} takes at most one mapping.");
        if (arguments.Positional is [object given])
        {
            foreach ((string key, object? value) in Filters.Mapping(given))
                fields[key] = value;
        }

        foreach ((string key, object? value) in arguments.Named)
            fields[key] = value;
        Budget.Charge(Budget.Step * fields.Count);
        return fields;
    }

    static List<object?> Range(Arguments arguments)
    {
        long[] bounds = [.. arguments.Positional.Select(bound => Number.Whole(bound, "a bound of range"))];
        (long start, long stop, long step) = bounds switch
        {
            [long only] => (0, only, 1),
            [long first, long end] => (first, end, 1),
            [long first, long end, long by] when by != 0 => (first, end, by),
            _ => throw new Fault("range needs one to three integers, the third not 0."),
        };
        List<object?> numbers = [];
        for (Int128 at = start; step > 0 ? at < stop : at > stop; at += step)
        {
            Budget.Charge(Budget.Step);
            numbers.Add((long)at);
        }

        return numbers;
    }

    static string FormatTime(DateTimeOffset? time, string format)
    {
        if (time is not DateTimeOffset now)
            throw new Fault("the template asks for the time; pass it as ChatTemplateOptions.Now.");

        StringBuilder text = new();
        for (int i = 0; i < format.Length; i++)
        {
            if (format[i] != '%')
            {
                text.Append(format[i]);
                continue;
            }

            bool isUnpadded = i + 2 < format.Length && format[i + 1] == '-';
            i += isUnpadded ? 2 : 1;
            string part = TimePart(now, i < format.Length ? format[i] : ' ');
            text.Append(isUnpadded && part[0] == '0' ? part[1..] : part);
        }

        return Budget.Charged(text.ToString());
    }

    static string TimePart(DateTimeOffset now, char directive) => directive switch
    {
        'Y' => Written(now, "yyyy"),
        'y' => Written(now, "yy"),
        'm' => Written(now, "MM"),
        'd' => Written(now, "dd"),
        'H' => Written(now, "HH"),
        'I' => Written(now, "hh"),
        'M' => Written(now, "mm"),
        'S' => Written(now, "ss"),
        'B' => Written(now, "MMMM"),
        'b' => Written(now, "MMM"),
        'A' => Written(now, "dddd"),
        'a' => Written(now, "ddd"),
        'p' => Written(now, "tt"),
        'j' => now.DayOfYear.ToString("000", CultureInfo.InvariantCulture),
        '%' => "%",
        _ => throw new Fault($"strftime_now does not support '%{directive}'."),
    };

    static string Written(DateTimeOffset now, string format) => now.ToString(format, CultureInfo.InvariantCulture);
}
