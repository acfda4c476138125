using System.Reflection;

namespace Goodhart.Architecture.Tests;

/// <summary>The public types and members of an assembly as sorted lines.</summary>
static class PublicApi
{
    const BindingFlags Declared = BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    public static IEnumerable<string> Lines(Assembly assembly) => assembly.GetExportedTypes()
        .OrderBy(type => type.FullName, StringComparer.Ordinal)
        .SelectMany(type => type.GetMembers(Declared)
            .Where(IsWritten)
            .Select(member => $"{Name(type)}: {Describe(member)}")
            .Distinct()
            .Order(StringComparer.Ordinal)
            .Prepend($"{Kind(type)} {Name(type)}"));

    /// <summary>Not an accessor, and not what the compiler adds to every record.</summary>
    static bool IsWritten(MemberInfo member) => member switch
    {
        MethodInfo method => !method.IsSpecialName && method.Name is not ("Equals" or "GetHashCode" or "ToString" or "Deconstruct" or "<Clone>$" or "PrintMembers"),
        FieldInfo field => field.Name != "value__",
        Type => false,
        _ => true,
    };

    static string Kind(Type type) => type switch
    {
        { IsEnum: true } => "enum",
        { IsInterface: true } => "interface",
        { IsValueType: true } => "struct",
        { IsAbstract: true, IsSealed: true } => "static class",
        { IsSealed: true } => "sealed class",
        { IsAbstract: true } => "abstract class",
        _ => "class",
    };

    static string Describe(MemberInfo member) => member switch
    {
        MethodInfo method => $"{Name(method.ReturnType)} {method.Name}({Parameters(method)})",
        ConstructorInfo constructor => $"new({Parameters(constructor)})",
        PropertyInfo property => $"{Name(property.PropertyType)} {property.Name} {{ {(property.CanRead ? "get; " : "")}{(property.SetMethod is { IsPublic: true } ? "set; " : "")}}}",
        FieldInfo field => $"{Name(field.FieldType)} {field.Name}",
        EventInfo @event => $"event {@event.Name}",
        _ => member.Name,
    };

    static string Parameters(MethodBase method) =>
        string.Join(", ", method.GetParameters().Select(parameter => $"{Name(parameter.ParameterType)} {parameter.Name}"));

    static string Name(Type type)
    {
        if (type.IsGenericParameter)
            return type.Name;
        if (type.HasElementType)
            return Name(type.GetElementType()!) + (type.IsArray ? "[]" : "&");
        string name = (type.DeclaringType is null ? "" : Name(type.DeclaringType) + ".") + type.Name.Split('`')[0];
        if (type.Namespace?.StartsWith("Goodhart", StringComparison.Ordinal) == true && type.DeclaringType is null)
            name = $"{type.Namespace}.{name}";
        return type.IsGenericType ? $"{name}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>" : name;
    }
}
