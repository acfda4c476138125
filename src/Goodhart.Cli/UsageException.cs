namespace Goodhart.Cli;

/// <summary>A command line, or what it names, that cannot be used.</summary>
/// <param name="problems">All of them, one line each: where, rule, what was found, what to do.</param>
sealed class UsageException(params IReadOnlyList<string> problems) : Exception(string.Join('\n', problems));
