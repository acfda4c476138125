namespace Goodhart.Testing;

/// <summary>Finds the reference models, tokenizers and texts that some tests compare with.</summary>
/// <remarks>They are not part of the repository: a clone without them skips those tests and says why.</remarks>
static class SharedData
{
    const string Variable = "GOODHART_SHARED";

    /// <summary>The folder, or null where there is none.</summary>
    public static string? Folder { get; } = Find();

    /// <summary>The path of one file or folder inside; throws where the data are absent.</summary>
    public static string PathOf(params string[] parts) =>
        Path.Combine([Folder ?? throw new InvalidOperationException("No shared data."), .. parts]);

    static string? Find()
    {
        string? named = Environment.GetEnvironmentVariable(Variable);
        if (!string.IsNullOrEmpty(named))
            return Directory.Exists(Path.Combine(named, "data")) ? Path.GetFullPath(named) : null;

        for (DirectoryInfo? at = new(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            if (!File.Exists(Path.Combine(at.FullName, "Goodhart.slnx")))
                continue;

            string beside = Path.GetFullPath(Path.Combine(at.FullName, "..", "shared"));
            return Directory.Exists(Path.Combine(beside, "data")) ? beside : null;
        }

        return null;
    }
}

/// <summary>A fact that needs the shared reference data; skipped, with the reason, where they are absent.</summary>
[AttributeUsage(AttributeTargets.Method)]
sealed class SharedDataFactAttribute : FactAttribute
{
    public SharedDataFactAttribute() => Skip = SharedData.Folder is null ? SharedDataReason.Text : null;
}

/// <summary>A theory that needs the shared reference data; skipped, with the reason, where they are absent.</summary>
[AttributeUsage(AttributeTargets.Method)]
sealed class SharedDataTheoryAttribute : TheoryAttribute
{
    public SharedDataTheoryAttribute() => Skip = SharedData.Folder is null ? SharedDataReason.Text : null;
}

static class SharedDataReason
{
    public const string Text = "Reference data not found: set GOODHART_SHARED, or put them in ../shared beside the repository.";
}
