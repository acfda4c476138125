using Goodhart.Tokenizers.ChatTemplates.Functions;
using Goodhart.Tokenizers.ChatTemplates.Syntax;
using Goodhart.Tokenizers.ChatTemplates.Values;

namespace Goodhart.Tokenizers.ChatTemplates.Evaluation;

/// <summary><c>a.b</c>: a method, or else a field.</summary>
sealed record Attribute(Position Position, Expression Of, string Field) : Expression(Position)
{
    protected override object? Compute(Scope scope)
    {
        object? value = Of.Evaluate(scope);
        return Methods.Find(value, Field) ?? Get(value, Field);
    }

    public static object? Get(object? value, string field) => value switch
    {
        Undefined unset => throw unset.Used(),
        IFields fields => fields.Get(field),
        OrderedDictionary<string, object?> mapping when mapping.TryGetValue(field, out object? found) => found,
        _ => new Undefined(field),
    };
}

/// <summary><c>a[b]</c>: an item, counted from the end where negative, or a field.</summary>
sealed record Item(Position Position, Expression Of, Expression Key) : Expression(Position)
{
    protected override object? Compute(Scope scope) => Get(Of.Evaluate(scope), Key.Evaluate(scope));

    public static object? Get(object? value, object? key) => (value, key) switch
    {
        (Undefined unset, _) => throw unset.Used(),
        (List<object?> or string, long index) => At(Value.Items(value), index),
        (_, string field) => Attribute.Get(value, field) is Undefined && Methods.Find(value, field) is Callable method
            ? method
            : Attribute.Get(value, field),
        _ => new Undefined(Value.Text(key)),
    };

    static object? At(List<object?> items, long index)
    {
        long at = index < 0 ? index + items.Count : index;
        return at >= 0 && at < items.Count ? items[(int)at] : new Undefined($"item {index}");
    }
}

/// <summary><c>a[from:to:step]</c>, of a list or a text.</summary>
sealed record Slice(Position Position, Expression Of, Expression? From, Expression? To, Expression? Step) : Expression(Position)
{
    protected override object? Compute(Scope scope)
    {
        object? value = Of.Evaluate(scope);
        if (value is not (string or List<object?>))
            throw value is Undefined unset ? unset.Used() : new Fault($"{Value.KindOf(value)} cannot be sliced.");

        List<object?> items = Value.Items(value);
        long step = Bound(Step) ?? 1;
        if (step == 0)
            throw new Fault("the step of a slice should not be 0.");

        step = Math.Clamp(step, -items.Count - 1, items.Count + 1);
        long first = Clamp(Bound(From), step > 0 ? 0 : items.Count - 1);
        long end = Clamp(Bound(To), step > 0 ? items.Count : -1);
        List<object?> slice = [];
        for (long at = first; step > 0 ? at < end : at > end; at += step)
            slice.Add(items[(int)at]);
        Budget.Charged(slice);
        return value is string ? string.Concat(slice) : slice;

        long? Bound(Expression? expression) => expression?.Evaluate(scope) is object bound ? Number.Whole(bound, "a bound of a slice") : null;

        long Clamp(long? bound, long otherwise)
        {
            if (bound is not long given)
                return otherwise;
            given = given < 0 ? given + items.Count : given;
            return step > 0 ? Math.Clamp(given, 0, items.Count) : Math.Clamp(given, -1, items.Count - 1);
        }
    }
}
