using Goodhart.Tokenizers.ChatTemplates.Syntax;
using Goodhart.Tokenizers.ChatTemplates.Values;

namespace Goodhart.Tokenizers.ChatTemplates.Evaluation;

/// <summary>What can be set: a name, a field of a namespace, or several at once.</summary>
sealed record Target(IReadOnlyList<(string Name, string? Field)> Parts, bool IsTuple)
{
    public void Assign(object? value, Scope scope)
    {
        if (!IsTuple)
        {
            AssignPart(Parts[0], value, scope);
            return;
        }

        List<object?> values = Value.Items(value);
        if (values.Count != Parts.Count)
            throw new Fault($"{Parts.Count} names cannot be set to {values.Count} values.");
        for (int i = 0; i < Parts.Count; i++)
            AssignPart(Parts[i], values[i], scope);
    }

    static void AssignPart((string Name, string? Field) part, object? value, Scope scope)
    {
        if (part.Field is null)
            scope.Set(part.Name, value);
        else if (scope.Get(part.Name) is Namespace space)
            space.Set(part.Field, value);
        else
            throw new Fault($"'{part.Name}' should be a namespace, where '{part.Field}' is to be set.");
    }
}

/// <summary><c>{% set name = value %}</c>.</summary>
sealed record Set(Position Position, Target Target, Expression Value) : Statement(Position)
{
    protected override Flow Execute(Scope scope)
    {
        Target.Assign(Value.Evaluate(scope), scope);
        return Flow.GoOn;
    }
}

/// <summary><c>{% set name %}text{% endset %}</c>, perhaps with filters.</summary>
sealed record SetText(Position Position, Target Target, IReadOnlyList<(string Filter, ArgumentList Arguments)> Filters, Body Body)
    : Statement(Position)
{
    protected override Flow Execute(Scope scope)
    {
        object? text = scope.Rendering.Capture(() => Body.Run(scope.Inner()));
        foreach ((string filter, ArgumentList arguments) in Filters)
            text = Functions.Filters.All[filter](text, arguments.Evaluate(filter, scope));
        Target.Assign(text, scope);
        return Flow.GoOn;
    }
}

/// <summary><c>{% macro name(parameters) %}</c>: a function whose value is what it writes.</summary>
sealed record Macro(Position Position, string Name, IReadOnlyList<(string Name, Expression? Default)> Parameters, Body Body)
    : Statement(Position)
{
    protected override Flow Execute(Scope scope)
    {
        scope.Set(Name, new Callable(arguments => Call(arguments, scope)));
        return Flow.GoOn;
    }

    string Call(Arguments arguments, Scope around)
    {
        Value.CheckDepth();
        Scope inner = around.Inner();
        object?[] values = arguments.Bind(0, [.. Parameters.Select(parameter => parameter.Name)]);
        foreach (((string name, Expression? otherwise), object? value) in Parameters.Zip(values))
            inner.Set(name, value is Undefined && otherwise is not null ? otherwise.Evaluate(inner) : value);
        return around.Rendering.Capture(() => Body.Run(inner));
    }
}
