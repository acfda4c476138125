using Goodhart.Tokenizers.ChatTemplates.Values;

namespace Goodhart.Tokenizers.ChatTemplates.Functions;

/// <summary>The methods of Python's texts, mappings and lists that templates call; none changes its value.</summary>
static class Methods
{
    public static Callable? Find(object? value, string name) => value switch
    {
        string text => StringMethods.Find(text, name),
        OrderedDictionary<string, object?> fields => FindOfMapping(fields, name),
        List<object?> items => FindOfList(items, name),
        _ => null,
    };

    /// <summary>The fields of a mapping as lists of key and value.</summary>
    public static List<object?> Pairs(OrderedDictionary<string, object?> fields) =>
        Budget.Charged([.. fields.Select(field => new TupleList([field.Key, field.Value]))]);

    static Callable? FindOfMapping(OrderedDictionary<string, object?> fields, string name) => name switch
    {
        "items" => WithoutArguments(() => Pairs(fields)),
        "keys" => WithoutArguments(() => Budget.Charged([.. fields.Keys])),
        "values" => WithoutArguments(() => Budget.Charged([.. fields.Values])),
        "get" => arguments => Get(fields, arguments),
        _ => null,
    };

    static Callable? FindOfList(List<object?> items, string name) => name switch
    {
        "count" => arguments => Count(items, arguments.One("value")),
        "index" => arguments => IndexOf(items, arguments.One("value")),
        "append" or "extend" or "insert" or "pop" or "remove" or "clear" or "sort" or "reverse" =>
            _ => throw new Fault($"'{name}' would change a list, which templates may not do."),
        _ => null,
    };

    static object? Get(OrderedDictionary<string, object?> fields, Arguments arguments)
    {
        object?[] bound = arguments.Bind(1, "key", "default");
        if (bound[0] is string key && fields.TryGetValue(key, out object? found))
            return found;
        return bound[1] is Undefined ? null : bound[1];
    }

    static long Count(List<object?> items, object? wanted) => items.LongCount(item => Value.Equals(item, wanted));

    static long IndexOf(List<object?> items, object? wanted) => items.FindIndex(item => Value.Equals(item, wanted)) is int index and >= 0
        ? index
        : throw new Fault($"{Value.Literal(wanted)} is not in the list.");

    static Callable WithoutArguments(Func<object?> function) => arguments =>
    {
        arguments.None();
        return function();
    };
}
