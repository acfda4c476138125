using System.Collections;
using Goodhart.Models.Checkpoints;

namespace Goodhart.Lab.Configuration;

/// <summary>Walks a tree beside the record it should become, and collects every problem on the way.</summary>
/// <remarks>Checking and binding are one walk, so that nothing is accepted under one rule and read under another.</remarks>
sealed class ConfigBinder(List<string> problems)
{
    // The problems that are broken rules; the others mean that a record is not as written and cannot be judged.
    int _brokenRules;

    /// <param name="type">The record.</param>
    /// <param name="map">What was written.</param>
    /// <param name="path">Keys from the root, with dots; empty for the root.</param>
    /// <param name="defaults">The values of keys that are not written, or null for those of a new record.</param>
    public object BindRecord(Type type, MapNode map, string path, object? defaults)
    {
        int before = problems.Count - _brokenRules;
        object record = defaults is null ? Activator.CreateInstance(type)! : ConfigKey.Copy(defaults);
        IReadOnlyList<ConfigKey> keys = ConfigKey.Of(type);
        Dictionary<string, MapEntry> written = [];

        foreach (MapEntry entry in map.Entries)
        {
            string full = Join(path, entry.Key);
            ConfigKey? key = keys.FirstOrDefault(candidate => candidate.Name == entry.Key);
            if (key is null)
                problems.Add($"{entry.Place}: unknown key '{full}'. {Hint(entry.Key, keys)}");
            else if (!written.TryAdd(entry.Key, entry))
                problems.Add($"{entry.Place}: '{full}' is given twice, first at {written[entry.Key].Place}. Keep one.");
            else if (IsNull(entry.Value) && !key.AllowsNull)
                problems.Add($"{entry.Place}: '{full}' needs a value: {Describe(key.Type)}.");
            else
                key.Set(record, Bind(key.Type, entry.Value, full, key.Get(record)));
        }

        foreach (ConfigKey key in keys.Where(key => !written.ContainsKey(key.Name)))
        {
            if (key.IsRequired && defaults is null)
                problems.Add($"{map.Place}: '{Join(path, key.Name)}' is required: {Describe(key.Type)}.");
            else if (key.Get(record) is IValidated untouched)
                Validate(untouched, map.Place, Join(path, key.Name), []);
        }

        if (problems.Count - _brokenRules == before && record is IValidated validated)
            Validate(validated, map.Place, path, written);
        if (problems.Count - _brokenRules == before && record is IConditional conditional)
        {
            foreach ((string key, string why) in conditional.WithoutEffect().Where(idle => written.ContainsKey(idle.Key)))
                problems.Add($"{written[key].Place}: '{Join(path, key)}' has no effect: {why} Remove the key.");
        }

        return record;
    }

    object? Bind(Type type, ConfigNode node, string path, object? defaults)
    {
        if (IsNull(node))
            return null;

        if (ConfigScalar.Handles(type))
            return BindScalar(type, node, path);

        if (ConfigKey.ElementOf(type) is Type element)
            return BindList(element, node, path);

        if (node is MapNode map)
            return BindRecord(type, map, path, defaults);

        problems.Add($"{node.Place}: '{path}' should be {Describe(type)}, got {Describe(node)}.");
        return defaults;
    }

    object? BindScalar(Type type, ConfigNode node, string path)
    {
        if (node is ScalarNode scalar && ConfigScalar.TryParse(scalar, type, out object? value))
            return value;

        string? nearest = node is ScalarNode { Text: string text } ? ConfigScalar.Nearest(text, type) : null;
        problems.Add($"{node.Place}: '{path}' should be {Describe(type)}, got {Describe(node)}."
            + (nearest is null ? "" : $" Did you mean '{nearest}'?"));
        return type.IsValueType ? Activator.CreateInstance(type) : null;
    }

    object BindList(Type element, ConfigNode node, string path)
    {
        IList values = (IList)Activator.CreateInstance(typeof(List<>).MakeGenericType(element))!;
        if (node is not ListNode list)
        {
            problems.Add($"{node.Place}: '{path}' should be a list, got {Describe(node)}.");
            return values;
        }

        for (int i = 0; i < list.Items.Count; i++)
        {
            string at = $"{path}[{i}]";
            if (IsNull(list.Items[i]))
                problems.Add($"{list.Items[i].Place}: '{at}' needs a value: {Describe(element)}.");
            else
                values.Add(Bind(element, list.Items[i], at, defaults: null));
        }

        return values;
    }

    void Validate(IValidated record, string place, string path, Dictionary<string, MapEntry> written)
    {
        foreach (string problem in record.Validate())
        {
            string key = problem.Split(':')[0];
            string where = written.TryGetValue(key, out MapEntry? entry) ? entry.Place : place;
            problems.Add($"{where}: {Join(path, problem)}");
            _brokenRules++;
        }
    }

    static bool IsNull(ConfigNode node) => node is ScalarNode { IsNull: true };

    static string Join(string path, string key) => path.Length == 0 ? key : $"{path}.{key}";

    static string Hint(string key, IReadOnlyList<ConfigKey> keys) =>
        NearestName.Find(key, keys.Select(known => known.Name)) is string nearest
            ? $"Did you mean '{nearest}'?"
            : $"Known keys: {string.Join(", ", keys.Select(known => known.Name))}.";

    static string Describe(Type type) =>
        ConfigScalar.Handles(type) ? ConfigScalar.Describe(type)
        : ConfigKey.ElementOf(type) is null ? "a section of keys"
        : "a list";

    static string Describe(ConfigNode node) => node switch
    {
        ListNode => "a list",
        MapNode => "a section of keys",
        ScalarNode { IsNull: true } => "nothing",
        ScalarNode { Text: string text, IsPlain: bool isPlain } => (isPlain ? "'" : "the text '")
            + (text.Length > 40 ? text[..40] + "..." : text) + "'",
        _ => "something else",
    };
}
