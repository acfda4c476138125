namespace Goodhart.Models.Checkpoints;

/// <summary>A model file that cannot be used; the message says where, which rule, what was found and what to do.</summary>
public sealed class CheckpointException : Exception
{
    /// <summary>Creates one.</summary>
    public CheckpointException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }

    /// <summary>One line for each problem of one file.</summary>
    internal static CheckpointException Of(string path, IEnumerable<string> problems) =>
        new(string.Join('\n', problems.Select(problem => $"{path}: {problem}")));
}
