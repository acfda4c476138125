using System.Diagnostics;

namespace Goodhart.Cli;

/// <summary>goodhart as its users start it.</summary>
public sealed class ProcessTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Results_go_to_stdout_and_the_exit_code_is_that_of_the_command()
    {
        using Process version = Start("--version");
        Assert.Matches(@"^goodhart \d+\.\d+\.\d+\s*$", version.StandardOutput.ReadToEnd());
        version.WaitForExit();
        Assert.Equal(ExitCode.Done, version.ExitCode);
    }

    [Fact]
    public void Problems_go_to_stderr()
    {
        using Process mistaken = Start("generate", "--model", _folder.PathOf("nowhere"), "--prompt", "");
        Assert.StartsWith("goodhart: ", mistaken.StandardError.ReadToEnd());
        Assert.Empty(mistaken.StandardOutput.ReadToEnd());
        mistaken.WaitForExit();
        Assert.Equal(ExitCode.BadInput, mistaken.ExitCode);
    }

    [Fact]
    public void An_interrupt_ends_the_lab_cleanly()
    {
        if (OperatingSystem.IsWindows())
            return;

        string oracle = TinyModel.Write(_folder), run = _folder.PathOf("run");
        using Process lab = Start(
            ["lab", "--oracle", oracle, "--output", run, "--arms", "online-teacher", "--steps", "1000000", .. TinyLab.Settings]);
        while (lab.StandardError.ReadLine() is string line && !line.Contains("online-teacher 0/"))
            Assert.DoesNotContain("goodhart: ", line);

        using (Process kill = Process.Start("kill", ["-INT", lab.Id.ToString()]))
            kill.WaitForExit();
        lab.StandardError.ReadToEnd();

        Assert.True(lab.WaitForExit(TimeSpan.FromSeconds(60)));
        Assert.Equal(ExitCode.Interrupted, lab.ExitCode);
        Assert.True(File.Exists(Path.Combine(run, "summary.json")));
    }

    static Process Start(params string[] args) => Process.Start(new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "goodhart.dll"), .. args])
    {
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    })!;
}
