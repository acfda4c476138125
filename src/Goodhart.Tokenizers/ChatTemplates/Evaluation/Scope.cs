using Goodhart.Tokenizers.ChatTemplates.Values;

namespace Goodhart.Tokenizers.ChatTemplates.Evaluation;

/// <summary>The names known at one place of a template: of its loop or macro, then of what is around it.</summary>
sealed class Scope(Rendering rendering, Scope? outer)
{
    readonly Dictionary<string, object?> _names = new(StringComparer.Ordinal);

    public Rendering Rendering => rendering;

    public object? Get(string name)
    {
        for (Scope? scope = this; scope is not null; scope = scope.Outer)
        {
            if (scope._names.TryGetValue(name, out object? value))
                return value;
        }

        return new Undefined(name);
    }

    public void Set(string name, object? value) => _names[name] = value;

    public Scope Inner() => new(rendering, this);

    Scope? Outer => outer;
}
