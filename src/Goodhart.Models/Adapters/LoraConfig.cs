using System.Text.RegularExpressions;
using Goodhart.Models.Checkpoints;

namespace Goodhart.Models.Adapters;

/// <summary>Ranks, scales and modules of an adapter, named as in PEFT's adapter_config.json.</summary>
public sealed record LoraConfig
{
    /// <summary>The file's name in an adapter directory.</summary>
    public const string FileName = "adapter_config.json";

    /// <summary>Linear in the length of the name, whatever the expression.</summary>
    const RegexOptions Matching = RegexOptions.CultureInvariant | RegexOptions.NonBacktracking;

    /// <summary>The rank of what is added. Default 8.</summary>
    public int R { get; init; } = 8;

    /// <summary>What is added is scaled by this over the rank. Default 8.</summary>
    public float LoraAlpha { get; init; } = 8;

    /// <summary>Scale by the root of the rank instead (Kalajdzievski 2023). Default false.</summary>
    public bool UseRslora { get; init; }

    /// <summary>Ends of the names of modules, such as q_proj. Default q_proj and v_proj.</summary>
    public IReadOnlyList<string> TargetModules { get; init; } = ["q_proj", "v_proj"];

    /// <summary>A regular expression for the whole name, in place of the ends; null for none.</summary>
    public string? TargetPattern { get; init; }

    /// <summary>Other ranks, by the end of a module's name or an expression for it. Default none.</summary>
    public IReadOnlyDictionary<string, int> RankPattern { get; init; } = new Dictionary<string, int>();

    /// <summary>Other alphas, likewise. Default none.</summary>
    public IReadOnlyDictionary<string, float> AlphaPattern { get; init; } = new Dictionary<string, float>();

    /// <summary>CAUSAL_LM or another task, as PEFT calls it. Default CAUSAL_LM.</summary>
    public string? TaskType { get; init; } = "CAUSAL_LM";

    /// <summary>The model that the adapter was made for; null where that is not said.</summary>
    public string? BaseModelNameOrPath { get; init; }

    internal string TargetText => TargetPattern ?? string.Join(", ", TargetModules);

    /// <summary>Reads and checks an adapter_config.json.</summary>
    /// <exception cref="CheckpointException">It contradicts itself or asks for maths not supported.</exception>
    public static LoraConfig Read(string path)
    {
        LoraConfigJson json = JsonFile.Read(path, LoraJson.Default.LoraConfigJson);
        LoraConfig config = json.ToConfig(path);
        string[] problems = [.. json.Unsupported(), .. config.Validate()];
        return problems.Length == 0 ? config : throw CheckpointException.Of(path, problems);
    }

    /// <summary>Writes an adapter_config.json.</summary>
    public void Write(string path) => JsonFile.Write(path, LoraConfigJson.From(this), LoraJson.Default.LoraConfigJson);

    /// <summary>The rank of a module.</summary>
    public int RankOf(string module) => Find(RankPattern, module, R);

    /// <summary>What a module's addition is scaled by.</summary>
    public float ScaleOf(string module)
    {
        double rank = RankOf(module), alpha = Find(AlphaPattern, module, LoraAlpha);
        return (float)(alpha / (UseRslora ? Math.Sqrt(rank) : rank));
    }

    /// <summary>Whether a module is one of those that are changed.</summary>
    public bool Targets(string module) => TargetPattern is not null
        ? Regex.IsMatch(module, $"^(?:{TargetPattern})$", Matching)
        : TargetModules.Contains("all-linear") || TargetModules.Any(end => IsEnd(module, end));

    /// <summary>All problems, as "'key' should be ..., got ...".</summary>
    public IEnumerable<string> Validate()
    {
        if (R < 1)
            yield return $"'r' should be at least 1, got {R}.";
        if (!float.IsFinite(LoraAlpha))
            yield return $"'lora_alpha' should be a number, got {LoraAlpha}.";
        foreach ((string key, int rank) in RankPattern.Where(pattern => pattern.Value < 1))
            yield return $"'rank_pattern' should hold ranks of at least 1, got {rank} for '{key}'.";
        if (TargetPattern is null && TargetModules.Count == 0)
            yield return "'target_modules' should name at least one module.";
        foreach (string pattern in RankPattern.Keys.Concat(AlphaPattern.Keys).Append(TargetPattern ?? "").Where(pattern => !IsPattern(pattern)))
            yield return $"'{pattern}' should be a regular expression, without backreferences and looks around.";
    }

    static T Find<T>(IReadOnlyDictionary<string, T> patterns, string module, T otherwise)
    {
        foreach ((string pattern, T value) in patterns)
        {
            if (Regex.IsMatch(module, $@"^(?:.*\.)?(?:{pattern})$", Matching))
                return value;
        }

        return otherwise;
    }

    static bool IsEnd(string module, string end) => module == end || module.EndsWith("." + end, StringComparison.Ordinal);

    static bool IsPattern(string pattern)
    {
        try
        {
            _ = new Regex(pattern, Matching);
            return true;
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            return false;
        }
    }
}
