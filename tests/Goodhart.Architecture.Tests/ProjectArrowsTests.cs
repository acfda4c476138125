using System.Xml.Linq;

namespace Goodhart.Architecture.Tests;

public sealed class ProjectArrowsTests
{
    /// <summary>Who may refer to whom. A new project or arrow is a decision, written here and in ARCHITECTURE.md.</summary>
    static readonly Dictionary<string, string[]> Arrows = new()
    {
        ["Goodhart.Engine"] = [],
        ["Goodhart.Tokenizers"] = [],
        ["Goodhart.Detection"] = [],
        ["Goodhart.Models"] = ["Goodhart.Engine"],
        ["Goodhart.Distillation"] = ["Goodhart.Models", "Goodhart.Tokenizers"],
        ["Goodhart.Lab"] = ["Goodhart.Detection", "Goodhart.Distillation"],
        ["Goodhart.Cli"] = ["Goodhart.Lab"],
    };

    [Fact]
    public void Projects_refer_to_each_other_as_the_arrows_say()
    {
        Dictionary<string, string[]> found = Directory.EnumerateFiles(Repository.PathOf("src"), "*.csproj", SearchOption.AllDirectories)
            .ToDictionary(path => Path.GetFileNameWithoutExtension(path), References);

        Assert.Equal(Arrows.Keys.Order(), found.Keys.Order());
        foreach ((string project, string[] references) in Arrows)
            Assert.Equal((project, string.Join(' ', references)), (project, string.Join(' ', found[project])));
    }

    [Fact]
    public void Every_project_has_tests_and_is_in_the_solution()
    {
        string solution = File.ReadAllText(Repository.PathOf("Goodhart.slnx"));
        foreach (string project in Arrows.Keys)
        {
            Assert.True(File.Exists(Repository.PathOf("tests", project + ".Tests", project + ".Tests.csproj")), $"{project} has no tests.");
            Assert.Contains($"src/{project}/{project}.csproj", solution, StringComparison.Ordinal);
            Assert.Contains($"tests/{project}.Tests/{project}.Tests.csproj", solution, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Only_ops_and_optimizers_call_kernels()
    {
        string[] callers = [.. Repository.Sources("src")
            .Where(path => File.ReadAllText(path).Contains("Goodhart.Engine.Kernels", StringComparison.Ordinal))
            .Select(path => Path.GetRelativePath(Repository.PathOf("src"), path).Replace('\\', '/'))
            .Where(path => !path.StartsWith("Goodhart.Engine/Kernels/", StringComparison.Ordinal)
                && !path.StartsWith("Goodhart.Engine/Autograd/", StringComparison.Ordinal)
                && !path.StartsWith("Goodhart.Engine/Optimizers/", StringComparison.Ordinal))];

        Assert.Empty(callers);
    }

    [Fact]
    public void Only_the_command_line_writes_to_the_console()
    {
        string[] writers = [.. Repository.Sources("src")
            .Where(path => !path.Contains("Goodhart.Cli", StringComparison.Ordinal))
            .Where(path => File.ReadAllText(path).Contains("Console.", StringComparison.Ordinal))];

        Assert.Empty(writers);
    }

    static string[] References(string project) =>
        [.. XDocument.Load(project).Descendants("ProjectReference")
            .Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value.Replace('\\', '/'))).Order()];
}
