using System.Text.RegularExpressions;

namespace Goodhart.Architecture.Tests;

public sealed partial class DocumentTests
{
    [Theory]
    [InlineData("README.md")]
    [InlineData("ARCHITECTURE.md")]
    [InlineData("CONTRIBUTING.md")]
    [InlineData("docs/experiments.md")]
    [InlineData("docs/performance.md")]
    [InlineData("docs/methods/detection.md")]
    public void Links_to_files_lead_somewhere(string document)
    {
        string folder = Path.GetDirectoryName(Repository.PathOf(document))!;
        foreach (Match link in Links().Matches(File.ReadAllText(Repository.PathOf(document))))
        {
            string target = link.Groups[1].Value.Split('#')[0];
            if (target.Length == 0 || target.Contains("://", StringComparison.Ordinal))
                continue;
            string path = Path.Combine(folder, target);
            Assert.True(File.Exists(path) || Directory.Exists(path), $"{document} links to {target}, which is not there.");
        }
    }

    [Fact]
    public void The_tree_in_the_readme_is_the_tree()
    {
        MatchCollection entries = TreeEntries().Matches(File.ReadAllText(Repository.PathOf("README.md")));
        Assert.True(entries.Count > 8, "The README should have the annotated tree.");
        foreach (Match entry in entries)
        {
            string path = Repository.PathOf(entry.Groups[1].Value);
            Assert.True(File.Exists(path) || Directory.Exists(path), $"The README's tree has {entry.Groups[1].Value}, which is not there.");
        }
    }

    [Fact]
    public void Ci_runs_the_test_command_that_the_readme_states()
    {
        const string Command = "dotnet test -c Release";
        Assert.Contains(Command, File.ReadAllText(Repository.PathOf("README.md")), StringComparison.Ordinal);
        Assert.Contains(Command, File.ReadAllText(Repository.PathOf(".ci", "run")), StringComparison.Ordinal);
    }

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Links();

    /// <summary>Lines of the tree: a path from the root, at least two spaces, a half-line about it.</summary>
    [GeneratedRegex(@"^((?:src|tests|docs|assets|eng|bench|samples|\.ci)[\w./-]*) {2,}\S", RegexOptions.Multiline)]
    private static partial Regex TreeEntries();
}
