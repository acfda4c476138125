using System.Collections.Frozen;
using Goodhart.Tokenizers.ChatTemplates.Evaluation;
using Goodhart.Tokenizers.ChatTemplates.Values;

namespace Goodhart.Tokenizers.ChatTemplates.Functions;

/// <summary>What <c>value is test</c> asks.</summary>
delegate bool Test(object? value, Arguments arguments);

/// <summary>The tests of Jinja.</summary>
static class Tests
{
    public static FrozenDictionary<string, Test> All { get; } = new Dictionary<string, Test>
    {
        ["defined"] = Plain(value => value is not Undefined),
        ["undefined"] = Plain(value => value is Undefined),
        ["none"] = Plain(value => value is null),
        ["true"] = Plain(value => value is true),
        ["false"] = Plain(value => value is false),
        ["boolean"] = Plain(value => value is bool),
        ["integer"] = Plain(value => value is long),
        ["float"] = Plain(value => value is double),
        ["number"] = Plain(value => value is long or double or bool),
        ["string"] = Plain(value => value is string),
        ["mapping"] = Plain(value => value is OrderedDictionary<string, object?>),
        ["sequence"] = Plain(value => value is string or List<object?> or OrderedDictionary<string, object?> or Undefined),
        ["iterable"] = Plain(value => value is string or List<object?> or OrderedDictionary<string, object?> or Undefined),
        ["callable"] = Plain(value => value is Callable or Undefined),
        ["odd"] = Plain(value => Value.Equals(Number.Calculate("%", value, 2L), 1L)),
        ["even"] = Plain(value => Value.Equals(Number.Calculate("%", value, 2L), 0L)),
        ["upper"] = Plain(value => StringMethods.HasCase(Value.Text(value), char.IsUpper, char.IsLower)),
        ["lower"] = Plain(value => StringMethods.HasCase(Value.Text(value), char.IsLower, char.IsUpper)),
        ["divisibleby"] = (value, arguments) => Value.Equals(Number.Calculate("%", value, arguments.One("num")), 0L),
        ["sameas"] = (value, arguments) => IsSame(value, arguments.One("other")),
        ["filter"] = Plain(value => value is string name && Filters.All.ContainsKey(name)),
        ["test"] = Plain(value => value is string name && All!.ContainsKey(name)),
        ["in"] = Compared("in"),
        ["eq"] = Compared("=="),
        ["equalto"] = Compared("=="),
        ["=="] = Compared("=="),
        ["ne"] = Compared("!="),
        ["!="] = Compared("!="),
        ["lt"] = Compared("<"),
        ["lessthan"] = Compared("<"),
        ["<"] = Compared("<"),
        ["le"] = Compared("<="),
        ["<="] = Compared("<="),
        ["gt"] = Compared(">"),
        ["greaterthan"] = Compared(">"),
        [">"] = Compared(">"),
        ["ge"] = Compared(">="),
        [">="] = Compared(">="),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    static Test Plain(Func<object?, bool> holds) => (value, arguments) =>
    {
        arguments.None();
        return holds(value);
    };

    static Test Compared(string sign) => (value, arguments) => Comparison.Holds(sign, value, arguments.One("other"));

    static bool IsSame(object? value, object? other) =>
        value?.GetType() == other?.GetType() && (value is List<object?> or IFields ? ReferenceEquals(value, other) : Value.Equals(value, other));
}
