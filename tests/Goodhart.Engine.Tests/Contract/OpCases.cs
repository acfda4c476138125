namespace Goodhart.Engine.Tests.Contract;

/// <summary>The cases of every <see cref="IOpReference"/> in this assembly, by name.</summary>
static class OpCases
{
    static readonly Dictionary<string, OpCase> ByName = Find().ToDictionary(c => c.Name);

    public static IEnumerable<string> Names => ByName.Keys;

    public static OpCase Named(string name) => ByName[name];

    static IEnumerable<OpCase> Find() => typeof(OpCases).Assembly.GetTypes()
        .Where(type => type.IsClass && type.IsAssignableTo(typeof(IOpReference)))
        .OrderBy(type => type.Name, StringComparer.Ordinal)
        .SelectMany(type => ((IOpReference)Activator.CreateInstance(type)!).Cases());
}
