using Goodhart.Tokenizers.ChatTemplates.Functions;
using Goodhart.Tokenizers.ChatTemplates.Syntax;
using Goodhart.Tokenizers.ChatTemplates.Values;

namespace Goodhart.Tokenizers.ChatTemplates.Evaluation;

/// <summary>The arguments of a call as they are written.</summary>
sealed record ArgumentList(IReadOnlyList<Expression> Positional, IReadOnlyList<(string Name, Expression Value)> Named)
{
    public static ArgumentList Empty { get; } = new([], []);

    public Arguments Evaluate(string function, Scope scope)
    {
        List<object?> positional = [.. Positional.Select(argument => argument.Evaluate(scope))];
        OrderedDictionary<string, object?> named = [];
        foreach ((string name, Expression value) in Named)
            named[name] = value.Evaluate(scope);
        return new Arguments(function, positional, named);
    }
}

/// <summary><c>f(a, b=c)</c>.</summary>
sealed record Call(Position Position, Expression Of, ArgumentList Arguments) : Expression(Position)
{
    protected override object? Compute(Scope scope)
    {
        string name = Of switch { Name known => known.Text, Attribute known => known.Field, _ => "the function" };
        return Of.Evaluate(scope) is Callable callable
            ? callable(Arguments.Evaluate(name, scope))
            : throw new Fault($"'{name}' cannot be called.");
    }
}

/// <summary><c>a | f(b)</c>.</summary>
sealed record FilterCall(Position Position, Expression Of, string Filter, ArgumentList Arguments) : Expression(Position)
{
    protected override object? Compute(Scope scope) =>
        Filters.All[Filter](Of.Evaluate(scope), Arguments.Evaluate(Filter, scope));
}

/// <summary><c>a is f(b)</c>.</summary>
sealed record TestCall(Position Position, Expression Of, string Test, ArgumentList Arguments) : Expression(Position)
{
    protected override object? Compute(Scope scope) =>
        Tests.All[Test](Of.Evaluate(scope), Arguments.Evaluate(Test, scope));
}
