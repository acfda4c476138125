namespace Goodhart.Lab.Configuration;

/// <summary>What other trainers call a key, renamed before anything is checked.</summary>
static class ConfigAliases
{
    static readonly (string Alias, string Path)[] Keys =
    [
        ("lmbda", "data.student_fraction"),
        ("num_generations", "data.completions_per_prompt"),
        ("max_new_tokens", "max_completion_length"),
        ("kd_beta", "beta"),
        ("kl_type", "loss"),
        ("distill_divergence", "loss"),
        ("kd_temperature", "loss_temperature"),
        ("distill_temperature", "loss_temperature"),
        ("kd_alpha", "alpha"),
        ("kd_ce_alpha", "ce_alpha"),
        ("sft_alpha", "ce_alpha"),
    ];

    static readonly (string Path, string Value, string Meant)[] Values =
        [("loss", "kl", "forward_kl"), ("loss", "fkl", "forward_kl"), ("loss", "rkl", "reverse_kl"), ("loss", "js", "jsd")];

    /// <summary>Keys that mean different things to different tools, and what to write instead.</summary>
    static readonly (string Key, string Instead)[] Refused =
    [
        ("temperature", "means sampling in some trainers and the loss in others. Write sampling_temperature or loss_temperature."),
        ("kd_ratio", "splits one weight between two losses. Write alpha and ce_alpha."),
        ("seq_kd", "is written data.source: teacher; with loss: ce it is sequence-level distillation."),
    ];

    /// <summary>Renames in place what the record knows by another word; an alias beside its key is a problem where the two differ.</summary>
    public static void Apply(MapNode root, Type record, List<string> problems)
    {
        HashSet<string> known = [.. ConfigKey.Of(record).Select(key => key.Name)];
        foreach (MapEntry entry in root.Entries.Where(entry => !known.Contains(entry.Key)).ToArray())
        {
            string? instead = Refused.FirstOrDefault(refused => refused.Key == entry.Key).Instead;
            string? path = Keys.FirstOrDefault(alias => alias.Alias == entry.Key).Path;
            if (instead is not null)
                problems.Add($"{entry.Place}: '{entry.Key}' {instead}");
            if (instead is null && (path is null || !known.Contains(path.Split('.')[0])))
                continue;
            root.Entries.Remove(entry);
            if (path is not null)
                Put(root, path.Split('.'), entry, path, problems);
        }

        foreach ((string path, string value, string meant) in Values)
        {
            int at = root.Entries.FindIndex(entry => entry.Key == path && entry.Value is ScalarNode scalar && scalar.Text == value);
            if (at >= 0)
                root.Entries[at] = root.Entries[at] with { Value = new ScalarNode(root.Entries[at].Place, meant, IsPlain: true) };
        }
    }

    static void Put(MapNode map, ReadOnlySpan<string> keys, MapEntry alias, string path, List<string> problems)
    {
        string key = keys[0];
        MapEntry? present = map.Entries.Find(entry => entry.Key == key);
        if (keys.Length == 1)
        {
            if (present is null)
                map.Entries.Add(alias with { Key = key });
            else if ((present.Value as ScalarNode)?.Text != (alias.Value as ScalarNode)?.Text)
                problems.Add($"{alias.Place}: '{alias.Key}' is another word for '{path}', which is given at {present.Place} with another value. Keep one.");
            return;
        }

        if (present is null)
            map.Entries.Add(present = new MapEntry(alias.Place, key, new MapNode(alias.Place, [])));
        if (present.Value is MapNode section)
            Put(section, keys[1..], alias, path, problems);
    }
}
