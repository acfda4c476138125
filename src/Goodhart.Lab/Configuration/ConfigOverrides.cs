namespace Goodhart.Lab.Configuration;

/// <summary>Merges <c>a.b=value</c> into a tree, so that overrides are checked like the file itself.</summary>
static class ConfigOverrides
{
    public static void Merge(MapNode root, IReadOnlyList<string> overrides, List<string> problems)
    {
        foreach (string text in overrides)
        {
            string place = $"override '{text}'";
            int equals = text.IndexOf('=', StringComparison.Ordinal);
            string[] keys = equals < 0 ? [] : text[..equals].Trim().Split('.');
            if (keys.Length == 0 || keys.Any(string.IsNullOrWhiteSpace))
            {
                problems.Add($"{place}: should read key=value or section.key=value.");
                continue;
            }

            try
            {
                Set(root, keys, ReadValue(text[(equals + 1)..].Trim(), place), place, problems);
            }
            catch (ConfigException e)
            {
                problems.AddRange(e.Problems);
            }
        }
    }

    static void Set(MapNode map, ReadOnlySpan<string> keys, ConfigNode value, string place, List<string> problems)
    {
        string key = keys[0];
        int at = map.Entries.FindIndex(entry => entry.Key == key);
        ConfigNode? present = at < 0 ? null : map.Entries[at].Value;
        if (keys.Length > 1 && present is ListNode)
        {
            problems.Add($"{place}: '{key}' is a list. Replace it as a whole: {key}=[...].");
            return;
        }

        MapNode? section = keys.Length == 1 ? null : present as MapNode ?? new MapNode(place, []);
        if (section is null || !ReferenceEquals(section, present))
            Put(map, at, new MapEntry(place, key, section ?? value));
        if (section is not null)
            Set(section, keys[1..], value, place, problems);
    }

    static void Put(MapNode map, int at, MapEntry entry)
    {
        if (at < 0)
            map.Entries.Add(entry);
        else
            map.Entries[at] = entry;
    }

    /// <remarks>Only brackets and quotes make it YAML: a path or a text with ': ' or ' #' is meant as it stands.</remarks>
    static ConfigNode ReadValue(string text, string place) => text.StartsWith('[') || text.StartsWith('{')
        || text.StartsWith('"') || text.StartsWith('\'')
        ? ConfigReader.Read(text, place, _ => place)
        : new ScalarNode(place, text, IsPlain: true);
}
