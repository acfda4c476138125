namespace Goodhart.Architecture.Tests;

/// <summary>Finds the repository that the tests were built from.</summary>
static class Repository
{
    public static string Root { get; } = Find();

    public static string PathOf(params string[] parts) => Path.Combine([Root, .. parts]);

    /// <summary>Source files of a folder, build outputs left out.</summary>
    public static IEnumerable<string> Sources(params string[] folder) =>
        Directory.EnumerateFiles(PathOf(folder), "*.cs", SearchOption.AllDirectories)
            .Where(path => !path.Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj" or "artifacts"));

    static string Find()
    {
        for (DirectoryInfo? at = new(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            if (File.Exists(Path.Combine(at.FullName, "Goodhart.slnx")))
                return at.FullName;
        }

        throw new InvalidOperationException("Goodhart.slnx is in no folder above the tests.");
    }
}
