namespace Goodhart.Lab;

/// <summary>Compares with a text kept beside the tests; ACCEPT_STORED=1 rewrites it, to be read before it is committed.</summary>
static class StoredText
{
    public static void AssertEqual(string name, string actual)
    {
        string path = Path.Combine(Repository(), "tests", "Goodhart.Lab.Tests", name);
        if (Environment.GetEnvironmentVariable("ACCEPT_STORED") == "1")
            File.WriteAllText(path, actual);

        Assert.Equal(File.ReadAllText(path), actual);
    }

    static string Repository()
    {
        DirectoryInfo? at = new(AppContext.BaseDirectory);
        while (at is not null && !File.Exists(Path.Combine(at.FullName, "Goodhart.slnx")))
            at = at.Parent;
        return at?.FullName ?? throw new InvalidOperationException("The tests run outside the repository.");
    }
}
