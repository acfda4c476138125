namespace Goodhart.Tokenizers.ChatTemplates.Values;

/// <summary>What a name stands for that was never set: empty text, an empty list, false; anything more is an error.</summary>
sealed record Undefined(string Name)
{
    public Fault Used() => new($"'{Name}' is undefined.");
}

/// <summary>A mistake of the template, before it is known where.</summary>
sealed class Fault(string message) : Exception(message);

/// <summary>Something with fields that is no mapping: a namespace, or what loops know.</summary>
interface IFields
{
    object? Get(string name);
}

/// <summary>The only values that a template can change after they were made.</summary>
sealed class Namespace(OrderedDictionary<string, object?> fields) : IFields
{
    public object? Get(string name) => fields.TryGetValue(name, out object? value) ? value : new Undefined(name);

    public void Set(string name, object? value) => fields[name] = value;
}

/// <summary>A list that is written, and compared, as Python's tuples are.</summary>
sealed class TupleList(IEnumerable<object?> items) : List<object?>(items);

/// <summary>Something to call: a macro, a method, a global function.</summary>
delegate object? Callable(Arguments arguments);
