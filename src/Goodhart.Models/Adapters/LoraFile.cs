using Goodhart.Models.Checkpoints;
using Goodhart.Models.Safetensors;

namespace Goodhart.Models.Adapters;

/// <summary>Which tensor of an adapter file is which matrix of which module; every shape is checked against the others and the config.</summary>
/// <remarks>A name is base_model.model.[module].lora_A.weight; files not written by PEFT's own saving have the adapter's name before .weight.</remarks>
sealed class LoraFile
{
    const string Prefix = "base_model.model.";

    readonly SafetensorsFile _file;
    readonly Dictionary<string, string> _stored = [];

    public LoraFile(SafetensorsFile file, LoraConfig config)
    {
        _file = file;
        foreach (string name in file.Entries.Keys)
        {
            if (Matrix(name) is not string matrix)
                throw Bad($"'{name}' should be {Prefix}[module].lora_A.weight or .lora_B.weight; nothing else is supported.");
            if (!_stored.TryAdd(matrix, name))
                throw Bad($"'{name}' and '{_stored[matrix]}' are the same matrix. Export the adapter again.");
        }

        Modules = [.. _stored.Keys.Where(name => name.EndsWith(".lora_A.weight", StringComparison.Ordinal))
            .Select(name => Module(name[..^".lora_A.weight".Length], config)).OrderBy(module => module.Name, StringComparer.Ordinal)];
        if (Modules.Count == 0 || 2 * Modules.Count != _stored.Count)
            throw Bad("should have a lora_A and a lora_B for each module. Export the adapter again.");
    }

    public IReadOnlyList<(string Name, int Rank, int In, int Out)> Modules { get; }

    public string StoredName(string parameter) => _stored[parameter];

    /// <summary>The matrix's name here: module.lora_A.weight; null if it is none.</summary>
    static string? Matrix(string name)
    {
        string[] parts = name.Split('.');
        int at = Array.FindLastIndex(parts, part => part is "lora_A" or "lora_B");
        bool isMatrix = name.StartsWith(Prefix, StringComparison.Ordinal) && at > 2 && parts[^1] == "weight" && parts.Length - at is 2 or 3;
        return isMatrix && at > 2 ? $"{string.Join('.', parts[2..at])}.{parts[at]}.weight" : null;
    }

    (string Name, int Rank, int In, int Out) Module(string module, LoraConfig config)
    {
        if (!_stored.TryGetValue(LoraAdapter.NameOfB(module), out string? b))
            throw Bad($"'{module}' has a lora_A and no lora_B. Export the adapter again.");

        TensorEntry entryA = _file.Entries[_stored[LoraAdapter.NameOfA(module)]], entryB = _file.Entries[b];
        int rank = config.RankOf(module);
        if (entryA.Shape is not [long rankA, long inputs and > 0 and <= int.MaxValue] || entryB.Shape is not [long outputs and > 0 and <= int.MaxValue, long rankB]
            || rankA != rank || rankB != rank)
        {
            throw Bad($"'{module}' should have lora_A [{rank}, in] and lora_B [out, {rank}] by {LoraConfig.FileName}, got {entryA} and {entryB}.");
        }

        return (module, rank, (int)inputs, (int)outputs);
    }

    CheckpointException Bad(string problem) => new($"{_file.Path}: {problem}");
}
