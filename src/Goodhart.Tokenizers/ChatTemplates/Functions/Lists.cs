using Goodhart.Tokenizers.ChatTemplates.Evaluation;
using Goodhart.Tokenizers.ChatTemplates.Values;

namespace Goodhart.Tokenizers.ChatTemplates.Functions;

/// <summary>Filters of lists.</summary>
static class Lists
{
    /// <summary><c>a.b.0</c> of an item, as filters name it.</summary>
    public static object? AttributeOf(object? item, object? path)
    {
        if (path is long index)
            return Item.Get(item, index);
        foreach (string part in Value.Text(path).Split('.'))
            item = long.TryParse(part, out long at) ? Item.Get(item, at) : Item.Get(item, part);
        return item;
    }

    public static object? Sum(object? value, Arguments arguments)
    {
        object?[] bound = arguments.Bind(0, "attribute", "start");
        object? start = bound[1] is Undefined ? 0L : bound[1];
        return Value.Items(value)
            .Select(item => bound[0] is null or Undefined ? item : AttributeOf(item, bound[0]))
            .Aggregate(start, (soFar, item) => Number.Calculate("+", soFar, item));
    }

    public static object? Extreme(object? value, Arguments arguments, int sign)
    {
        object?[] bound = arguments.Bind(0, "case_sensitive", "attribute");
        Comparer<object?> order = OrderOf(Value.IsTrue(bound[0]), bound[1]);
        List<object?> items = Value.Items(value);
        return items.Count == 0
            ? new Undefined("an item of an empty list")
            : items.Aggregate((best, item) => order.Compare(item, best) * sign > 0 ? item : best);
    }

    public static object? Sort(object? value, Arguments arguments)
    {
        object?[] bound = arguments.Bind(0, "reverse", "case_sensitive", "attribute");
        Comparer<object?> order = OrderOf(Value.IsTrue(bound[1]), bound[2]);
        return Sorted(Value.Items(value), item => item, order, Value.IsTrue(bound[0]));
    }

    public static object? SortFields(object? value, Arguments arguments)
    {
        object?[] bound = arguments.Bind(0, "case_sensitive", "by", "reverse");
        long part = bound[1] switch
        {
            Undefined or "key" => 0,
            "value" => 1,
            _ => throw new Fault("'by' of dictsort should be 'key' or 'value'."),
        };
        Comparer<object?> order = OrderOf(Value.IsTrue(bound[0]), attribute: null);
        return Sorted(Methods.Pairs(Filters.Mapping(value)), pair => Item.Get(pair, part), order, Value.IsTrue(bound[2]));
    }

    public static object? Unique(object? value, Arguments arguments)
    {
        object?[] bound = arguments.Bind(0, "case_sensitive", "attribute");
        List<object?> unique = [], keys = [];
        foreach (object? item in Value.Items(value))
        {
            object? key = KeyOf(item, Value.IsTrue(bound[0]), bound[1]);
            if (keys.Any(other => Value.Equals(other, key)))
                continue;
            keys.Add(key);
            unique.Add(item);
        }

        return Budget.Charged(unique);
    }

    public static object? Map(object? value, Arguments arguments)
    {
        List<object?> items = Value.Items(value);
        if (arguments.Named.TryGetValue("attribute", out object? attribute))
        {
            object?[] bound = arguments.Bind(1, "attribute", "default");
            return Budget.Charged([.. items.Select(item => AttributeOf(item, attribute)).Select(found =>
                found is Undefined && bound[1] is not Undefined ? bound[1] : found)]);
        }

        if (arguments.Positional is not [string name, ..] || !Filters.All.TryGetValue(name, out Filter? filter))
            throw new Fault("map needs the name of a filter, or an attribute.");

        Arguments rest = arguments with { Function = name, Positional = [.. arguments.Positional.Skip(1)] };
        return Budget.Charged([.. items.Select(item => filter(item, rest))]);
    }

    public static object? Select(object? value, Arguments arguments, bool byAttribute, bool keeps)
    {
        List<object?> positional = [.. arguments.Positional];
        object? attribute = null;
        if (byAttribute)
        {
            attribute = positional.Count > 0 ? positional[0] : throw new Fault($"{arguments.Function} needs an attribute.");
            positional.RemoveAt(0);
        }

        Test test = (item, _) => Value.IsTrue(item);
        if (positional.Count > 0)
        {
            if (positional[0] is not string name || !Tests.All.TryGetValue(name, out test!))
                throw new Fault($"{arguments.Function} needs the name of a test, got {Value.Literal(positional[0])}.");
            positional.RemoveAt(0);
        }

        Arguments rest = arguments with { Positional = positional };
        return Budget.Charged([.. Value.Items(value).Where(item =>
            test(byAttribute ? AttributeOf(item, attribute) : item, rest) == keeps)]);
    }

    static List<object?> Sorted(
        List<object?> items, Func<object?, object?> key, Comparer<object?> order, bool reverses)
    {
        try
        {
            return Budget.Charged([.. reverses ? items.OrderByDescending(key, order) : items.OrderBy(key, order)]);
        }
        catch (InvalidOperationException e) when (e.InnerException is Fault fault)
        {
            throw new Fault(fault.Message); // sorting wraps what a comparison throws
        }
    }

    static Comparer<object?> OrderOf(bool isCaseSensitive, object? attribute) => Comparer<object?>.Create((left, right) =>
        Value.Compare(KeyOf(left, isCaseSensitive, attribute), KeyOf(right, isCaseSensitive, attribute)));

    static object? KeyOf(object? item, bool isCaseSensitive, object? attribute)
    {
        object? key = attribute is null or Undefined ? item : AttributeOf(item, attribute);
        return key is string text && !isCaseSensitive ? text.ToLowerInvariant() : key;
    }
}
