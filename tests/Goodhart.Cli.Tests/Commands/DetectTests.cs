using System.Globalization;
using System.Text.Json;

namespace Goodhart.Cli.Commands;

public sealed class DetectTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Hacking_is_exit_code_3_and_said_in_words()
    {
        CommandRun run = CommandRun.Of("detect", Log("hacked.csv", rise: 1));

        Assert.Equal(ExitCode.Verdict, run.ExitCode);
        Assert.Contains("hacked.csv", run.Out);
        Assert.Contains("Teacher hacking: golden fell to", run.Out);
        Assert.Empty(run.Error);
    }

    [Fact]
    public void A_healthy_run_is_exit_code_0()
    {
        CommandRun run = CommandRun.Of("detect", Log("clean.csv", rise: 0));

        Assert.Equal(ExitCode.Done, run.ExitCode);
        Assert.Contains("healthy", run.Out);
    }

    [Fact]
    public void One_hacked_run_among_clean_ones_is_enough() =>
        Assert.Equal(ExitCode.Verdict, CommandRun.Of("detect", Log("clean.csv", 0), Log("hacked.csv", 1)).ExitCode);

    [Fact]
    public void No_line_is_wider_than_80_columns()
    {
        string[] lines = CommandRun.Of("detect", Log("a-very-long-name-of-a-log-file.csv", 1), Log("short.csv", 0)).Out.Split('\n');

        Assert.All(lines, line => Assert.True(line.Length <= 80, line));
    }

    [Fact]
    public void Json_has_the_verdict_the_curves_and_the_law()
    {
        string log = Log("hacked.csv", rise: 1);
        CommandRun run = CommandRun.Of("detect", log, "--json");

        JsonElement only = Assert.Single(JsonDocument.Parse(run.Out).RootElement.EnumerateArray());
        Assert.Equal(log, only.GetProperty("log").GetString());
        Assert.Equal("hacking", only.GetProperty("verdict").GetString());
        Assert.True(only.GetProperty("golden").GetProperty("rise").GetDouble() > 0.1);
        Assert.False(only.GetProperty("oracle_free").GetBoolean());
        Assert.True(only.GetProperty("law").GetProperty("exponent").GetDouble() > 0);
    }

    [Fact]
    public void Columns_may_be_called_anything()
    {
        string log = _folder.Write("mine.jsonl", string.Join('\n', Steps().Select(step =>
            FormattableString.Invariant($"{{\"it\":{step},\"kl\":{1 / Math.Sqrt(step + 1)},\"truth\":{1 / Math.Sqrt(step + 1)}}}"))));

        Assert.Equal(ExitCode.Done, CommandRun.Of("detect", log, "--step", "it", "--proxy", "kl", "--golden", "truth").ExitCode);
        Assert.Contains("mine.jsonl", CommandRun.Of("detect", log).RefusedOnce());
    }

    [Fact]
    public void Every_log_that_cannot_be_judged_is_named()
    {
        string empty = _folder.Write("empty.csv", "");

        string[] lines = CommandRun.Of("detect", empty, Log("fine.csv", 0), _folder.PathOf("none.csv"), _folder.Path).Refused();
        Assert.Equal(3, lines.Length);
        Assert.Contains("empty.csv", lines[0]);
        Assert.Contains("none.csv", lines[1]);
        Assert.Contains("is a folder", lines[2]);
    }

    [Fact]
    public void Text_that_is_not_utf8_is_refused()
    {
        string log = _folder.PathOf("latin.csv");
        File.WriteAllBytes(log, [.. "step,proxy\n1,"u8, 0xFC]);

        Assert.Equal($"{log}: is not UTF-8 text. Save the log as UTF-8.", CommandRun.Of("detect", log).RefusedOnce());
    }

    [Fact]
    public void Logs_of_one_name_go_by_their_folders()
    {
        string a = Log("offline/metrics.csv", 1), b = Log("online/metrics.csv", 0);

        Assert.Contains("\noffline ", CommandRun.Of("detect", a, b).Out);
    }

    /// <summary>Proxy falls by a law; golden with it, or up again by <paramref name="rise"/> times itself.</summary>
    string Log(string name, double rise) => _folder.Write(name, "step,proxy,golden\n" + string.Join('\n', Steps().Select(step =>
    {
        double proxy = Math.Pow(step + 1, -0.5), golden = proxy + 0.1 + (step < 50 ? 0 : rise * 0.3 * Math.Log(step / 50.0));
        return string.Create(CultureInfo.InvariantCulture, $"{step},{proxy},{golden}");
    })));

    static IEnumerable<int> Steps() => [0, 1, 2, 3, 5, 8, 12, 18, 27, 40, 60, 90, 135, 200, 300, 450, 700, 1000];
}
