using System.Reflection;
using System.Runtime.CompilerServices;
using YamlDotNet.Serialization.NamingConventions;

namespace Goodhart.Lab.Configuration;

/// <summary>One key of a configuration record: a public property that can be set, under its snake_case name.</summary>
sealed class ConfigKey(PropertyInfo property, PropertyInfo? section = null)
{
    static readonly MethodInfo ShallowCopy =
        typeof(object).GetMethod(nameof(MemberwiseClone), BindingFlags.NonPublic | BindingFlags.Instance)!;

    public string Name { get; } = NameOf(property.Name);

    /// <summary>The type without its question mark.</summary>
    public Type Type { get; } = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;

    public bool IsRequired { get; } = section is null && property.IsDefined(typeof(RequiredMemberAttribute));

    public bool AllowsNull { get; } = property.PropertyType.IsValueType
        ? Nullable.GetUnderlyingType(property.PropertyType) is not null
        : new NullabilityInfoContext().Create(property).WriteState == NullabilityState.Nullable;

    public object? Get(object record) => property.GetValue(HolderIn(record));

    public void Set(object record, object? value) => property.SetValue(HolderIn(record), value);

    /// <summary>In the order of declaration, those of a flattened section in its place.</summary>
    public static IReadOnlyList<ConfigKey> Of(Type record) =>
    [
        .. Properties(record).SelectMany(property => IsFlattened(property)
            ? Properties(property.PropertyType).Select(inner => new ConfigKey(inner, property))
            : [new ConfigKey(property)]),
    ];

    /// <summary>A record that can be changed without changing the one it was copied from.</summary>
    public static object Copy(object record)
    {
        object copy = ShallowCopy.Invoke(record, null)!;
        foreach (PropertyInfo section in Properties(record.GetType()).Where(IsFlattened))
            section.SetValue(copy, ShallowCopy.Invoke(section.GetValue(record), null));
        return copy;
    }

    object HolderIn(object record) => section is null ? record : section.GetValue(record)!;

    static bool IsFlattened(PropertyInfo property) => property.IsDefined(typeof(FlattenedAttribute));

    static IEnumerable<PropertyInfo> Properties(Type record) => record.GetProperties(BindingFlags.Public | BindingFlags.Instance)
        .Where(property => property.SetMethod is { IsPublic: true } && property.GetIndexParameters().Length == 0)
        .OrderBy(property => property.MetadataToken);

    /// <summary><c>ForwardKl</c> to <c>forward_kl</c>: keys and enum values alike.</summary>
    public static string NameOf(string member) => UnderscoredNamingConvention.Instance.Apply(member);

    /// <summary>The element type of <c>IReadOnlyList&lt;T&gt;</c> and its kin, or null.</summary>
    public static Type? ElementOf(Type type) =>
        type.IsGenericType && type.IsAssignableFrom(typeof(List<>).MakeGenericType(type.GetGenericArguments()))
            ? type.GetGenericArguments()[0]
            : null;
}
