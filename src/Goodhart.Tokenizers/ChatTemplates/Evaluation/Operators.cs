using Goodhart.Tokenizers.ChatTemplates.Syntax;
using Goodhart.Tokenizers.ChatTemplates.Values;

namespace Goodhart.Tokenizers.ChatTemplates.Evaluation;

sealed record Not(Position Position, Expression Operand) : Expression(Position)
{
    protected override object? Compute(Scope scope) => !Value.IsTrue(Operand.Evaluate(scope));
}

sealed record Sign(Position Position, bool IsMinus, Expression Operand) : Expression(Position)
{
    protected override object? Compute(Scope scope) =>
        Number.Calculate("*", Operand.Evaluate(scope), IsMinus ? -1L : 1L);
}

/// <summary><c>a and b</c>, <c>a or b</c>: the operand that decides.</summary>
sealed record Logical(Position Position, bool IsAnd, Expression Left, Expression Right) : Expression(Position)
{
    protected override object? Compute(Scope scope)
    {
        object? left = Left.Evaluate(scope);
        return Value.IsTrue(left) == IsAnd ? Right.Evaluate(scope) : left;
    }
}

/// <summary><c>a &lt; b == c</c>: every comparison of the chain holds.</summary>
sealed record Comparison(Position Position, Expression First, IReadOnlyList<(string Sign, Expression Operand)> Rest)
    : Expression(Position)
{
    protected override object? Compute(Scope scope)
    {
        object? left = First.Evaluate(scope);
        foreach ((string sign, Expression operand) in Rest)
        {
            object? right = operand.Evaluate(scope);
            if (!Holds(sign, left, right))
                return false;
            left = right;
        }

        return true;
    }

    public static bool Holds(string sign, object? left, object? right) => sign switch
    {
        "==" => Value.Equals(left, right),
        "!=" => !Value.Equals(left, right),
        "in" => Value.Contains(right, left),
        "not in" => !Value.Contains(right, left),
        "<" => Value.Compare(left, right) < 0,
        "<=" => Value.Compare(left, right) <= 0,
        ">" => Value.Compare(left, right) > 0,
        _ => Value.Compare(left, right) >= 0,
    };
}

/// <summary><c>a ~ b</c>: both as text.</summary>
sealed record Joined(Position Position, Expression Left, Expression Right) : Expression(Position)
{
    protected override object? Compute(Scope scope) =>
        Budget.Charged(Value.Text(Left.Evaluate(scope)) + Value.Text(Right.Evaluate(scope)));
}

/// <summary>Arithmetic; texts and lists can be added, and repeated by multiplication.</summary>
sealed record Arithmetic(Position Position, string Sign, Expression Left, Expression Right) : Expression(Position)
{
    protected override object? Compute(Scope scope) =>
        (Sign, Left.Evaluate(scope), Right.Evaluate(scope)) switch
        {
            ("+", string a, string b) => Budget.Charged(a + b),
            ("+", List<object?> a, List<object?> b) => Budget.Charged([.. a, .. b]),
            ("*", string a, long n) => Repeat(a, n),
            ("*", long n, string a) => Repeat(a, n),
            (_, var a, var b) => Number.Calculate(Sign, a, b),
        };

    static string Repeat(string text, long count)
    {
        if (text.Length == 0 || count <= 0)
            return "";
        Budget.Charge(Math.BigMul(text.Length, (int)Math.Min(count, int.MaxValue)));
        return string.Concat(Enumerable.Repeat(text, (int)count));
    }
}
