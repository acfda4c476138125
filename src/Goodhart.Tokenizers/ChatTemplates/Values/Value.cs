using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json.Nodes;

namespace Goodhart.Tokenizers.ChatTemplates.Values;

/// <summary>
/// What templates reckon with, as Python sees it: null, bool, long, double, string, lists, mappings from strings,
/// <see cref="Undefined"/>, <see cref="IFields"/> and <see cref="Callable"/>.
/// </summary>
static class Value
{
    public static object? Of(JsonNode? node)
    {
        CheckDepth();
        return node switch
        {
            null => null,
            JsonObject fields => new OrderedDictionary<string, object?>(fields.Select(field => KeyValuePair.Create(field.Key, Of(field.Value)))),
            JsonArray items => items.Select(Of).ToList(),
            _ => OfScalar(node.AsValue()),
        };
    }

    static object OfScalar(JsonValue scalar)
    {
        if (scalar.TryGetValue(out bool truth))
            return truth;
        if (scalar.TryGetValue(out string? text))
            return text;
        if (scalar.TryGetValue(out long whole))
            return whole;
        if (scalar.TryGetValue(out int number))
            return (long)number;
        bool isReal = scalar.TryGetValue(out double real) && double.IsFinite(real) && !(real == Math.Truncate(real) && Math.Abs(real) > long.MaxValue);
        return isReal ? real : throw new Fault($"{scalar.ToJsonString()} is no value of a template.");
    }

    public static bool IsTrue(object? value) => value switch
    {
        null or Undefined => false,
        bool truth => truth,
        long whole => whole != 0,
        double real => real != 0,
        string text => text.Length > 0,
        List<object?> items => items.Count > 0,
        OrderedDictionary<string, object?> fields => fields.Count > 0,
        _ => true,
    };

    /// <summary>As written into the text.</summary>
    public static string Text(object? value) => value switch
    {
        string text => text,
        Undefined => "",
        _ => Literal(value),
    };

    /// <summary>As Python would write it in a program.</summary>
    public static string Literal(object? value)
    {
        CheckDepth();
        return value switch
        {
            null => "None",
            bool truth => truth ? "True" : "False",
            long whole => whole.ToString(CultureInfo.InvariantCulture),
            double real => Real(real),
            string text => Quoted(text),
            Undefined => "Undefined",
            TupleList tuple => $"({Budget.Joined(", ", [.. tuple.Select(Literal)])}{(tuple.Count == 1 ? "," : "")})",
            List<object?> items => $"[{Budget.Joined(", ", [.. items.Select(Literal)])}]",
            OrderedDictionary<string, object?> fields =>
                $"{{{Budget.Joined(", ", [.. fields.Select(field => $"{Quoted(field.Key)}: {Literal(field.Value)}")])}}}",
            _ => throw new Fault($"{KindOf(value)} has no text."),
        };
    }

    public static string Real(double value)
    {
        if (!double.IsFinite(value))
            return double.IsNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
        return value == Math.Truncate(value) && Math.Abs(value) < 1e16
            ? value.ToString("F1", CultureInfo.InvariantCulture)
            : value.ToString("R", CultureInfo.InvariantCulture).Replace('E', 'e');
    }

    public static string KindOf(object? value) => value switch
    {
        null => "None",
        bool => "a boolean",
        long => "an integer",
        double => "a float",
        string => "a text",
        Undefined => "an undefined value",
        List<object?> => "a list",
        OrderedDictionary<string, object?> => "a mapping",
        Namespace => "a namespace",
        Callable => "a function",
        _ => "a loop",
    };

    /// <summary>What a loop runs over: items, keys, characters, or nothing.</summary>
    public static List<object?> Items(object? value) => value switch
    {
        List<object?> items => items,
        OrderedDictionary<string, object?> fields => [.. fields.Keys],
        string text => Budget.Charged([.. Budget.Charged(text).EnumerateRunes().Select(rune => rune.ToString())]),
        Undefined => [],
        _ => throw new Fault($"{KindOf(value)} cannot be iterated over."),
    };

    public static new bool Equals(object? left, object? right)
    {
        CheckDepth();
        return (left, right) switch
        {
            (null, null) => true,
            (string a, string b) => a.Length == b.Length && Budget.Charged(a) == b,
            (Undefined, Undefined) => true,
            (List<object?> a, List<object?> b) => a is TupleList == b is TupleList && a.Count == b.Count && a.Zip(b).All(pair => Equals(pair.First, pair.Second)),
            (OrderedDictionary<string, object?> a, OrderedDictionary<string, object?> b) => a.Count == b.Count
                && a.All(field => b.TryGetValue(field.Key, out object? other) && Equals(field.Value, other)),
            _ => (Number.Of(left), Number.Of(right)) is (double a, double b) ? a == b : ReferenceEquals(left, right),
        };
    }

    public static int Compare(object? left, object? right)
    {
        CheckDepth();
        switch (left, right)
        {
            case (string a, string b):
                return CompareCodePoints(a, b);
            case (List<object?> a, List<object?> b):
                int different = a.Zip(b).Select(pair => Compare(pair.First, pair.Second)).FirstOrDefault(order => order != 0);
                return different != 0 ? different : a.Count.CompareTo(b.Count);
            default:
                return (Number.Of(left), Number.Of(right)) is (double x, double y)
                    ? x.CompareTo(y)
                    : throw new Fault($"{KindOf(left)} and {KindOf(right)} have no order.");
        }
    }

    public static bool Contains(object? container, object? item) => container switch
    {
        string text => ContainsText(text, item as string ?? throw new Fault($"a text holds texts, not {KindOf(item)}.")),
        OrderedDictionary<string, object?> fields => item is string key && fields.ContainsKey(key),
        _ => Items(container).Any(other => Equals(other, item)),
    };

    /// <summary>Nesting is bounded by the stack there is, and work by the budget: lists may share their parts.</summary>
    public static void CheckDepth()
    {
        Budget.Charge(Budget.Step);
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack())
            throw new Fault("values or macros are nested too deeply.");
    }

    static bool ContainsText(string text, string part)
    {
        Budget.ChargeSearch(text, part);
        return text.Contains(part, StringComparison.Ordinal);
    }

    static string Quoted(string text)
    {
        Budget.Charge(text.Length);
        char quote = text.Contains('\'', StringComparison.Ordinal) && !text.Contains('"', StringComparison.Ordinal) ? '"' : '\'';
        StringBuilder quoted = new($"{quote}");
        foreach (char c in text)
        {
            quoted.Append(c switch
            {
                '\\' => "\\\\",
                '\n' => "\\n",
                '\r' => "\\r",
                '\t' => "\\t",
                < ' ' or '\x7F' => $"\\x{(int)c:x2}",
                _ => c == quote ? $"\\{c}" : $"{c}",
            });
        }

        return quoted.Append(quote).ToString();
    }

    static int CompareCodePoints(string left, string right)
    {
        Budget.Charge(Math.Min(left.Length, right.Length));
        int at = left.AsSpan().CommonPrefixLength(right);
        if (at == left.Length || at == right.Length)
            return left.Length.CompareTo(right.Length);

        // Surrogates lie below the last characters of the first plane, but stand for higher ones.
        bool isPair = char.IsSurrogate(left[at]), isOtherPair = char.IsSurrogate(right[at]);
        return isPair == isOtherPair ? left[at].CompareTo(right[at]) : isPair.CompareTo(isOtherPair);
    }
}
