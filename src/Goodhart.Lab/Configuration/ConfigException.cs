namespace Goodhart.Lab.Configuration;

/// <summary>A configuration that cannot be used, with every problem found in it.</summary>
public sealed class ConfigException : Exception
{
    /// <summary>Reports the problems, each one a sentence that starts with its place.</summary>
    public ConfigException(IReadOnlyList<string> problems) : base(string.Join('\n', problems)) =>
        Problems = problems;

    /// <summary>The problems in the order of the file, overrides last; one line each.</summary>
    public IReadOnlyList<string> Problems { get; }
}
