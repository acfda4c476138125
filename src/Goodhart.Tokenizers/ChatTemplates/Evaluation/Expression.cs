using Goodhart.Tokenizers.ChatTemplates.Syntax;
using Goodhart.Tokenizers.ChatTemplates.Values;

namespace Goodhart.Tokenizers.ChatTemplates.Evaluation;

/// <summary>A part of a template that has a value.</summary>
abstract record Expression(Position Position)
{
    public object? Evaluate(Scope scope)
    {
        try
        {
            Value.CheckDepth();
            return Compute(scope);
        }
        catch (Fault fault)
        {
            throw scope.Rendering.Error(Position, fault.Message);
        }
    }

    protected abstract object? Compute(Scope scope);
}

sealed record Constant(Position Position, object? Is) : Expression(Position)
{
    protected override object? Compute(Scope scope) => Is;
}

sealed record Name(Position Position, string Text) : Expression(Position)
{
    protected override object? Compute(Scope scope) => scope.Get(Text);
}

/// <summary><c>[a, b]</c>, or <c>(a, b)</c>.</summary>
sealed record ListLiteral(Position Position, bool IsTuple, IReadOnlyList<Expression> Items) : Expression(Position)
{
    protected override object? Compute(Scope scope)
    {
        IEnumerable<object?> items = Items.Select(item => item.Evaluate(scope));
        return Budget.Charged(IsTuple ? new TupleList(items) : [.. items]);
    }
}

sealed record MappingLiteral(Position Position, IReadOnlyList<(Expression Key, Expression Value)> Fields) : Expression(Position)
{
    protected override object? Compute(Scope scope)
    {
        OrderedDictionary<string, object?> fields = [];
        foreach ((Expression key, Expression value) in Fields)
        {
            object? name = key.Evaluate(scope);
            fields[name as string ?? throw new Fault($"a key should be a text, got {Value.KindOf(name)}.")] = value.Evaluate(scope);
        }

        return fields;
    }
}

/// <summary><c>a if condition else b</c>.</summary>
sealed record Conditional(Position Position, Expression Condition, Expression Then, Expression? Else) : Expression(Position)
{
    protected override object? Compute(Scope scope) => Value.IsTrue(Condition.Evaluate(scope))
        ? Then.Evaluate(scope)
        : Else is null ? new Undefined("the value without an else") : Else.Evaluate(scope);
}
