namespace Goodhart.Lab.Runs;

public sealed class RunFolderTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Runs_without_a_name_are_numbered_upwards()
    {
        string prefix = _folder.PathOf("runs", "lab-");
        Assert.Equal(prefix + "1", RunFolder.Create(null, false, prefix).Path);
        Assert.Equal(prefix + "2", RunFolder.Create(null, false, prefix).Path);

        Directory.CreateDirectory(prefix + "9");
        Directory.CreateDirectory(prefix + "old");
        Assert.Equal(prefix + "10", RunFolder.Create(null, false, prefix).Path);
    }

    [Fact]
    public void An_empty_folder_is_used_as_it_is()
    {
        Directory.CreateDirectory(_folder.PathOf("run"));
        Assert.Equal(_folder.PathOf("run"), RunFolder.Create(_folder.PathOf("run"), overwrite: false).Path);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder.PathOf("run")));
    }

    [Fact]
    public void A_folder_that_holds_something_is_refused_and_untouched()
    {
        _folder.Write("run/config.yaml", "seed: 1");
        RunFolderException e = Refused("run", overwrite: false);
        Assert.Contains("already holds something", e.Message, StringComparison.Ordinal);
        Assert.Contains("--overwrite", e.Message, StringComparison.Ordinal);
        Assert.True(File.Exists(_folder.PathOf("run", "config.yaml")));
    }

    [Theory]
    [InlineData("config.yaml")]
    [InlineData("summary.json")]
    public void Overwrite_replaces_an_earlier_run(string file)
    {
        _folder.Write("run/" + file, "");
        _folder.Write("run/offline/metrics.jsonl", "{}");
        RunFolder.Create(_folder.PathOf("run"), overwrite: true);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder.PathOf("run")));
    }

    [Fact]
    public void Overwrite_leaves_alone_what_is_not_a_run()
    {
        _folder.Write("photos/summer.jpg", "");
        Assert.Contains("does not look like a run", Refused("photos", overwrite: true).Message, StringComparison.Ordinal);
        Assert.True(File.Exists(_folder.PathOf("photos", "summer.jpg")));
    }

    [Fact]
    public void Overwrite_leaves_alone_a_repository_that_holds_a_config_yaml()
    {
        _folder.Write("repository/config.yaml", "");
        Directory.CreateDirectory(_folder.PathOf("repository", ".git"));
        Refused("repository", overwrite: true);
        Assert.True(File.Exists(_folder.PathOf("repository", "config.yaml")));
    }

    [Fact]
    public void A_place_where_no_folder_can_be_made_is_named_with_what_to_do()
    {
        _folder.Write("file", "");
        Assert.Contains("names no folder", Assert.Throws<RunFolderException>(() => RunFolder.Create(" ", false)).Message, StringComparison.Ordinal);
        Assert.Contains("is a file", Refused("file", overwrite: false).Message, StringComparison.Ordinal);
        string message = Refused("file/run", overwrite: false).Message;
        Assert.StartsWith(_folder.PathOf("file/run"), message, StringComparison.Ordinal);
        Assert.Contains("--output", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_text_replaces_the_earlier_one_and_leaves_no_temporary_file()
    {
        RunFolder run = RunFolder.Create(_folder.PathOf("run"), overwrite: false);
        run.WriteText("summary.json", "first");
        run.WriteText("summary.json", "naïve");
        run.WriteText("offline/notes.txt", "x");

        Assert.Equal("naïve", File.ReadAllText(run.PathOf("summary.json")));
        Assert.Equal([run.PathOf("offline"), run.PathOf("summary.json")],
            Directory.EnumerateFileSystemEntries(run.Path).Order());
    }

    [Fact]
    public void A_text_that_cannot_be_written_leaves_no_temporary_file()
    {
        RunFolder run = RunFolder.Create(_folder.PathOf("run"), overwrite: false);
        Directory.CreateDirectory(run.PathOf("report.html"));
        RunFolderException e = Assert.Throws<RunFolderException>(() => run.WriteText("report.html", "x"));
        Assert.StartsWith(run.PathOf("report.html"), e.Message, StringComparison.Ordinal);
        Assert.Single(Directory.EnumerateFileSystemEntries(run.Path));
    }

    RunFolderException Refused(string name, bool overwrite) =>
        Assert.Throws<RunFolderException>(() => RunFolder.Create(_folder.PathOf(name), overwrite));
}
