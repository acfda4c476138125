using System.Text.Json;

namespace Goodhart.Cli.Commands;

public sealed class BenchTests
{
    [Fact]
    public void A_case_is_measured_and_compared_with_what_the_machine_can_do()
    {
        JsonElement[] rows = Rows(CommandRun.Of("bench", "--only", "add", "--threads", "1", "--json"));

        Assert.Equal(["fma-peak-1", "memory", "add"], rows.Select(row => row.GetProperty("case").GetString()));
        Assert.True(rows[0].GetProperty("gflops").GetDouble() > 0);
        JsonElement add = rows[^1];
        Assert.Equal(
            add.GetProperty("gigabytes_per_second").GetDouble() / rows[1].GetProperty("gigabytes_per_second").GetDouble(),
            add.GetProperty("peak_share").GetDouble(), 1e-9);
    }

    [Fact]
    public void The_peers_rate_stands_beside_ours()
    {
        CommandRun run = CommandRun.Of(
            "bench", "--only", "greedy-1", "--rounds", "3", "--json", "--peer", "echo '{\"case\": \"greedy-1\", \"tokens_per_second\": 0.5}'");

        JsonElement greedy = Rows(run)[^1];
        Assert.Equal(0.5, greedy.GetProperty("peer_tokens_per_second").GetDouble());
        Assert.Equal(2 * greedy.GetProperty("tokens_per_second").GetDouble(), greedy.GetProperty("peer_ratio").GetDouble(), 1e-6);
    }

    [Fact]
    public void A_profile_names_the_ops() =>
        Assert.Contains("SwiGlu", CommandRun.Of("bench", "--only", "swiglu-back", "--profile").Error);

    [Theory]
    [InlineData("--only should begin the name of a case or be a group (matmul, op, step, sampling), got 'nothing'.", "--only", "nothing")]
    [InlineData("--peer: 'exit 3' should exit with 0, got 3.", "--only", "add", "--peer", "exit 3")]
    [InlineData("--peer: 'echo hello' should print JSON objects with 'case' and 'tokens_per_second', one a line, got 'hello'.", "--only", "add", "--peer", "echo hello")]
    public void Bad_input_is_refused(string message, params string[] options)
    {
        CommandRun run = CommandRun.Of(["bench", .. options]);

        Assert.Equal(ExitCode.BadInput, run.ExitCode);
        Assert.Contains("goodhart: " + message, run.Error);
        Assert.DoesNotContain("   at ", run.Error);
    }

    static JsonElement[] Rows(CommandRun run)
    {
        Assert.Equal(ExitCode.Done, run.ExitCode);
        return [.. JsonDocument.Parse(run.Out).RootElement.EnumerateArray()];
    }
}
