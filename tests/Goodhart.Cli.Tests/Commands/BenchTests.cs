using System.Text.Json;
using Goodhart.Cli.Benchmarks;
using Goodhart.Engine.Autograd;
using Goodhart.Engine.Tensors;
using Goodhart.Testing;

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

    [Fact]
    public void Of_several_peers_the_fastest_counts_and_with_rounds_the_lowest_ratio_is_told()
    {
        JsonElement greedy = Rows(CommandRun.Of(
            "bench", "--only", "greedy-1", "--rounds", "2", "--json", "--peer", Peer("greedy-1", 3), "--peer", Peer("greedy-1", 7)))[^1];

        Assert.Equal(Peer("greedy-1", 7), greedy.GetProperty("peer").GetString());
        Assert.Equal(7, greedy.GetProperty("peer_tokens_per_second").GetDouble());
        Assert.InRange(greedy.GetProperty("peer_ratio_min").GetDouble(), 1, greedy.GetProperty("peer_ratio").GetDouble());
        Assert.True(greedy.GetProperty("spread").GetDouble() >= 0);
    }

    [Theory]
    [InlineData(1e-3, true, "met")]
    [InlineData(1e9, false, "missed")]
    public void A_target_is_met_or_missed_in_the_table_and_in_json(double peer, bool met, string words)
    {
        string[] command = ["bench", "--only", "greedy-1", "--peer", Peer("greedy-1", peer)];

        JsonElement greedy = Rows(CommandRun.Of([.. command, "--json"]))[^1];
        Assert.Equal(2, greedy.GetProperty("target_ratio").GetDouble());
        Assert.Equal(met, greedy.GetProperty("target_met").GetBoolean());
        Assert.Matches($@"greedy-1 .* 2x {words}", CommandRun.Of(command).Out);
    }

    [Fact]
    public void Without_a_peer_a_ratio_stays_open()
    {
        CommandRun run = CommandRun.Of("bench", "--only", "greedy-1");

        Assert.Matches("greedy-1 .* 2x open", run.Out);
        Assert.All(run.Out.Split('\n'), line => Assert.True(line.Length <= 80, line));
    }

    [Fact]
    public void A_large_product_is_measured_against_a_share_of_the_peak()
    {
        JsonElement product = Rows(CommandRun.Of("bench", "--only", "square-512-y-1", "--json"))[^1];

        Assert.Equal(0.85, product.GetProperty("target_peak_share").GetDouble());
        Assert.Equal(product.GetProperty("peak_share").GetDouble() >= 0.85, product.GetProperty("target_met").GetBoolean());
    }

    [Fact]
    public void Every_op_of_the_tape_is_timed()
    {
        string[] cases = [.. Suite.Cases(threads: 2).Where(each => each.Group == "op").Select(each => each.Name)];
        // Keep, Constant and Segment are about memory; the products of a linear layer are cases of their own.
        string[] ops = [.. typeof(Tape).GetMethods().Where(method => method.ReturnType == typeof(Tensor) && method.Name is not ("Keep" or "Constant" or "Linear" or "Segment")).Select(method => method.Name).Distinct()];

        Assert.NotEmpty(ops);
        Assert.All(ops, op => Assert.Contains(NameOf(op), cases));

        static string NameOf(string op) => op switch
        {
            nameof(Tape.CausalAttention) => "attention",
            nameof(Tape.JensenShannon) => "jsd",
            nameof(Tape.SwiGlu) => "swiglu",
            _ => string.Concat(op.Select((c, i) => char.IsUpper(c) && i > 0 ? "-" + char.ToLowerInvariant(c) : char.ToLowerInvariant(c).ToString())),
        };
    }

    [Theory]
    [InlineData("projected-forward-kl")]
    [InlineData("cached-attention")]
    [InlineData("sum-back")]
    [InlineData("adamw")]
    public void An_op_has_a_share_of_what_the_machine_can_do(string op) =>
        Assert.True(Rows(CommandRun.Of("bench", "--only", op, "--threads", "1", "--json"))[^1].GetProperty("peak_share").GetDouble() > 0);

    [Fact]
    public void A_step_tells_its_memory_as_a_share_of_whole_logits()
    {
        // 2,048 tokens, 512 logits of each of two models, 4 bytes.
        JsonElement lab = Rows(CommandRun.Of("bench", "--only", "lab", "--json")).Single(row => row.GetProperty("case").GetString() == "lab");

        Assert.Equal(lab.GetProperty("working_memory_mb").GetDouble() * 1e6 / (2048 * 512 * 2 * 4), lab.GetProperty("logits_share").GetDouble(), 1e-6);
    }

    [Fact]
    public void Three_points_of_an_axis_give_an_exponent_and_a_plot()
    {
        using TemporaryFolder folder = new();
        string plot = folder.PathOf("scaling.svg");
        JsonElement[] rows = Rows(CommandRun.Of("bench", "--only", "tokens-256", "tokens-512", "tokens-1024", "--json", "--plot", plot));

        Assert.Equal("scaling-tokens", rows[^1].GetProperty("case").GetString());
        Assert.True(double.IsFinite(rows[^1].GetProperty("exponent").GetDouble()));
        Assert.StartsWith("<svg", File.ReadAllText(plot));
    }

    [Fact]
    public void The_results_of_a_day_are_added_to_one_file_with_their_commands()
    {
        using TemporaryFolder folder = new();
        string results = folder.PathOf("results");
        string[] command = ["bench", "--only", "add", "--threads", "1", "--output", results];
        CommandRun.Of(command);
        CommandRun run = CommandRun.Of(command);

        Assert.Equal(ExitCode.Done, run.ExitCode);
        string file = Assert.Single(Directory.GetFiles(results, "*.md", SearchOption.AllDirectories));
        Assert.EndsWith(file + "\n", run.Error);
        string[] lines = File.ReadAllLines(file);
        Assert.StartsWith("# ", lines[0]);
        Assert.Equal(2, lines.Count(line => line.StartsWith("    goodhart bench --only add --threads 1 --output ", StringComparison.Ordinal)));
        Assert.Equal(2, lines.Count(line => line.StartsWith("    add ", StringComparison.Ordinal)));
        Assert.DoesNotContain(lines, line => line.EndsWith(' '));
    }

    [SharedDataFact]
    public void Greedy_decoding_takes_the_model_that_is_named()
    {
        JsonElement greedy = Rows(CommandRun.Of(
            "bench", "--only", "greedy-1", "--json", "--model", SharedData.PathOf("data", "models", "tinyllamas-260k", "stories260K.bin")))[^1];

        Assert.Equal("0.26M, batch 1, 256 tokens, greedy", greedy.GetProperty("what").GetString());
    }

    [Fact]
    public void A_model_with_a_short_context_is_refused()
    {
        using TemporaryFolder folder = new();
        string model = TinyModel.Write(folder);

        Assert.Equal($"--model: {model} should have a context above 256 tokens, got 64. Name another model.",
            CommandRun.Of("bench", "--only", "greedy-1", "--model", model).RefusedOnce());
    }

    [Theory]
    [InlineData("--only should begin the name of a case or be a group (matmul, op, step, sampling, scaling), got 'nothing'.", "--only", "nothing")]
    [InlineData("--rounds should be a whole number from 1 to 100, got '0'.", "--rounds", "0")]
    [InlineData("--peer-timeout should be a whole number from 1 to 86400, got '-1'.", "--peer-timeout", "-1")]
    [InlineData("none.bin", "--model", "none.bin")]
    [InlineData("--plot should name a file that ends in .svg or .html, got 'x.png'.", "--plot", "x.png")]
    [InlineData("--plot draws the scaling group, which is not measured. Add --only scaling.", "--plot", "x.svg")]
    [InlineData("nowhere: no such folder. Make it first.", "--only", "tokens-256", "--plot", "nowhere/x.svg")]
    [InlineData("--peer: 'exit 3' should exit with 0, got 3.", "--peer", "exit 3")]
    [InlineData("--peer: 'echo hello' should print JSON objects with 'case' and 'tokens_per_second' above 0, one a line, got 'hello'.", "--peer", "echo hello")]
    [InlineData("got '[1]'.", "--peer", "echo '[1]'")]
    [InlineData("tokens_per_second' above 0", "--peer", "echo '{\"case\": \"add\", \"tokens_per_second\": -1}'")]
    [InlineData("should print each case once, got 'add' twice.", "--peer", "for i in 1 2; do echo '{\"case\": \"add\", \"tokens_per_second\": 1}'; done")]
    [InlineData("should print one of the cases measured, got nothing.", "--peer", "true")]
    [InlineData("should print one of the cases measured, got lab.", "--peer", "echo '{\"case\": \"lab\", \"tokens_per_second\": 1}'")]
    [InlineData("should print a few lines, got more than 1,048,576 characters.", "--peer", "yes")]
    [InlineData("should end within 1 seconds, but did not. Give it longer with --peer-timeout.", "--peer-timeout", "1", "--peer", "sleep 60")]
    [InlineData("should end within 1 seconds, but did not.", "--peer-timeout", "1", "--peer", "sleep 20 & exit 0")]
    public void Bad_input_is_refused(string message, params string[] options)
    {
        CommandRun run = CommandRun.Of(["bench", "--only", "add", "--threads", "1", .. options]);

        Assert.Equal(ExitCode.BadInput, run.ExitCode);
        Assert.Contains(message, run.Error);
        Assert.DoesNotContain("   at ", run.Error);
        Assert.Empty(run.Out);
    }

    static string Peer(string name, double rate) =>
        FormattableString.Invariant($"echo '{{\"case\": \"{name}\", \"tokens_per_second\": {rate}}}'");

    static JsonElement[] Rows(CommandRun run)
    {
        Assert.Equal(ExitCode.Done, run.ExitCode);
        return [.. JsonDocument.Parse(run.Out).RootElement.EnumerateArray()];
    }
}
