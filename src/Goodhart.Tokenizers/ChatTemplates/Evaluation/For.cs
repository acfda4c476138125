using Goodhart.Tokenizers.ChatTemplates.Syntax;
using Goodhart.Tokenizers.ChatTemplates.Values;

namespace Goodhart.Tokenizers.ChatTemplates.Evaluation;

/// <summary><c>{% for target in items if condition %}</c>; each round has names of its own.</summary>
sealed record For(Position Position, Target Target, Expression Items, Expression? Condition, Body Body, Body? Else)
    : Statement(Position)
{
    protected override Flow Execute(Scope scope)
    {
        List<object?> items = Value.Items(Items.Evaluate(scope));
        if (Condition is not null)
            items = [.. items.Where(item => IsWanted(item, scope))];
        if (items.Count == 0)
            return Else?.Run(scope) ?? Flow.GoOn;

        object? changed = new Undefined("changed");
        for (int i = 0; i < items.Count; i++)
        {
            Scope inner = scope.Inner();
            Target.Assign(items[i], inner);
            inner.Set("loop", new Loop(items, i, IsChanged));
            if (Body.Run(inner) == Flow.Break)
                break;
        }

        return Flow.GoOn;

        bool IsChanged(object? value)
        {
            bool isSame = changed is not Undefined && Value.Equals(changed, value);
            changed = value;
            return !isSame;
        }
    }

    bool IsWanted(object? item, Scope scope)
    {
        Scope inner = scope.Inner();
        Target.Assign(item, inner);
        return Value.IsTrue(Condition!.Evaluate(inner));
    }
}

/// <summary>What a round of a loop knows of itself.</summary>
sealed class Loop(List<object?> items, int index, Func<object?, bool> isChanged) : IFields
{
    public object? Get(string name) => name switch
    {
        "index" => index + 1L,
        "index0" => (long)index,
        "revindex" => (long)(items.Count - index),
        "revindex0" => items.Count - index - 1L,
        "first" => index == 0,
        "last" => index == items.Count - 1,
        "length" => (long)items.Count,
        "previtem" => index > 0 ? items[index - 1] : new Undefined(name),
        "nextitem" => index + 1 < items.Count ? items[index + 1] : new Undefined(name),
        "cycle" => new Callable(arguments => arguments.Positional.Count > 0
            ? arguments.Positional[index % arguments.Positional.Count]
            : throw new Fault("cycle needs at least one value.")),
        "changed" => new Callable(arguments => isChanged(arguments.Positional.ToList())),
        _ => throw new Fault($"'loop.{name}' is not supported."),
    };
}
