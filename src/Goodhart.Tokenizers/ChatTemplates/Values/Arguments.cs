namespace Goodhart.Tokenizers.ChatTemplates.Values;

/// <summary>What is passed to a function, a filter or a test.</summary>
sealed record Arguments(
    string Function, IReadOnlyList<object?> Positional, OrderedDictionary<string, object?> Named)
{
    /// <summary>The arguments in the order of their names, <see cref="Undefined"/> where one is left out.</summary>
    /// <param name="required">So many, from the first, may not be left out.</param>
    /// <param name="names">All there are.</param>
    public object?[] Bind(int required, params ReadOnlySpan<string> names)
    {
        if (Positional.Count > names.Length)
            throw new Fault($"{Function} takes at most {names.Length} arguments, got {Positional.Count}.");

        var bound = new object?[names.Length];
        int named = 0;
        for (int i = 0; i < names.Length; i++)
        {
            bool isNamed = Named.TryGetValue(names[i], out object? value);
            named += isNamed ? 1 : 0;
            if (i < Positional.Count && isNamed)
                throw new Fault($"{Function} has the argument '{names[i]}' twice.");
            if (i >= Positional.Count && !isNamed && i < required)
                throw new Fault($"{Function} needs the argument '{names[i]}'.");
            bound[i] = i < Positional.Count ? Positional[i] : isNamed ? value : new Undefined(names[i]);
        }

        return named == Named.Count
            ? bound
            : throw new Fault($"{Function} has no argument '{Named.Keys.Except(names.ToArray()).First()}'.");
    }

    /// <summary>Binds the only argument.</summary>
    public object? One(string name) => Bind(1, name)[0];

    /// <summary>Refuses arguments.</summary>
    public void None() => Bind(0);
}
