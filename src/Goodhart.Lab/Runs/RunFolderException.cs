namespace Goodhart.Lab.Runs;

/// <summary>A run folder, or a file in it, that cannot be made, written or read.</summary>
public sealed class RunFolderException(string message, Exception? cause = null) : Exception(message, cause);
