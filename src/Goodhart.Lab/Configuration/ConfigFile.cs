namespace Goodhart.Lab.Configuration;

/// <summary>Reads a YAML file and overrides into a configuration record, and writes one back.</summary>
/// <remarks>
/// Keys and enum values are the snake_case names of the record's members. A section that is written in part keeps
/// the defaults of the record it belongs to.
/// </remarks>
public static class ConfigFile
{
    /// <summary>Reads the file, merges the overrides into it, and checks everything at once.</summary>
    /// <typeparam name="T">A record with a parameterless constructor.</typeparam>
    /// <param name="path">The YAML file, or null for the defaults and the overrides alone.</param>
    /// <param name="overrides">Each <c>key=value</c> or <c>section.key=value</c>; the last one wins.</param>
    /// <exception cref="ConfigException">Anything is wrong with the file or an override.</exception>
    public static T Load<T>(string? path, IReadOnlyList<string> overrides) where T : class
    {
        List<string> problems = [], badOverrides = [];
        MapNode root = path is null ? new MapNode("configuration", []) : ReadRoot(path);
        ConfigOverrides.Merge(root, overrides, badOverrides);
        ConfigAliases.Apply(root, typeof(T), problems);

        T config = (T)new ConfigBinder(problems).BindRecord(typeof(T), root, path: "", defaults: null);
        problems.AddRange(badOverrides);
        return problems.Count == 0 ? config : throw new ConfigException(problems);
    }

    /// <summary>The whole record, defaults included, as YAML that <see cref="Load"/> reads back to an equal one.</summary>
    public static string ToYaml<T>(T config) where T : class => ConfigWriter.Write(config);

    static MapNode ReadRoot(string path) => ConfigReader.ReadFile(path) switch
    {
        MapNode map => map with { Place = path },
        ScalarNode { IsNull: true } => throw new ConfigException([$"{path}: the file is empty."]),
        _ => throw new ConfigException([$"{path}: should be a section of keys, as in 'seed: 1'."]),
    };
}
