using System.Text.Json;

namespace Goodhart.Cli.Commands;

public sealed class GenerateTests : IDisposable
{
    readonly TemporaryFolder _folder = new();
    readonly string _model;

    public GenerateTests() => _model = TinyModel.Write(_folder);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_same_seed_gives_the_same_text_on_one_thread_and_on_two()
    {
        string one = Generate("--prompt", "once", "--seed", "7", "--threads", "1").Out;

        Assert.Equal(one, Generate("--prompt", "once", "--seed", "7", "--threads", "2").Out);
        Assert.NotEqual(one, Generate("--prompt", "once", "--seed", "8", "--threads", "1").Out);
        Assert.StartsWith("once", one);
    }

    [Fact]
    public void A_single_text_stands_on_stdout_with_nothing_around_it()
    {
        CommandRun streamed = Generate("--prompt", "a girl", "--max-new-tokens", "20");
        string whole = Lines(Generate("--prompt", "a girl", "--max-new-tokens", "20", "--json").Out)[0].GetProperty("completion").GetString()!;

        Assert.Equal("a girl" + whole, streamed.Out);
        Assert.Empty(streamed.Error);
    }

    [Fact]
    public void Json_lines_say_who_wrote_what_and_why_it_ended()
    {
        string file = _folder.PathOf("out.jsonl");
        CommandRun run = Generate("--prompt", "a", "--prompt", "", "--num-generations", "2", "--seed", "3", "--max-new-tokens", "5", "--source", "oracle", "--output", file);

        Assert.Equal((ExitCode.Done, ""), (run.ExitCode, run.Out));
        JsonElement[] lines = Lines(File.ReadAllText(file));
        Assert.Equal(["a", "a", "", ""], lines.Select(line => line.GetProperty("prompt").GetString()));
        Assert.All(lines, line =>
        {
            Assert.Equal("oracle", line.GetProperty("source").GetString());
            Assert.Equal(_model, line.GetProperty("model").GetString());
            Assert.Equal(3, line.GetProperty("seed").GetInt64());
            Assert.Contains(line.GetProperty("finish_reason").GetString(), (string[])["stop", "length"]);
        });
        Assert.NotEqual(lines[0].GetProperty("completion").GetString(), lines[1].GetProperty("completion").GetString());
    }

    [Fact]
    public void Prompts_come_from_lines_or_from_json_lines()
    {
        string lines = _folder.Write("prompts.txt", "once\n\nthe dog\r\n"), json = _folder.Write("prompts.jsonl", "{\"prompt\":\"once\"}\n{\"prompt\":\"the dog\",\"id\":4}\n");

        Assert.Equal(Generate("--prompts", lines, "--json").Out, Generate("--prompts", json, "--json").Out);
        Assert.Equal(2, Lines(Generate("--prompts", lines, "--json").Out).Length);
    }

    [Fact]
    public void Several_texts_are_numbered()
    {
        string text = Generate("--prompt", "a", "--prompt", "b", "--max-new-tokens", "3").Out;

        Assert.StartsWith("[1/2]\na", text);
        Assert.Contains("\n[2/2]\nb", text);
    }

    [Fact]
    public void An_unasked_length_fits_into_the_context()
    {
        CommandRun run = Generate("--prompt", "");

        Assert.Equal(ExitCode.Done, run.ExitCode);
        Assert.NotEmpty(run.Out);
    }

    [Fact]
    public void A_prompt_may_begin_with_an_at_sign_or_dashes()
    {
        Assert.StartsWith("@home", Generate("--prompt", "@home", "--max-new-tokens", "1").Out);
        Assert.StartsWith("--once", Generate("--prompt=--once", "--max-new-tokens", "1").Out);
    }

    [Fact]
    public void A_cancelled_run_keeps_the_completions_that_are_whole()
    {
        string file = _folder.PathOf("out.jsonl");
        using CancellationTokenSource source = new();
        source.Cancel();

        CommandRun run = CommandRun.Of(new StringWriter(), source.Token, "generate", "--model", _model, "--prompt", "a", "--output", file);

        Assert.Equal(ExitCode.Interrupted, run.ExitCode);
        Assert.Empty(File.ReadAllText(file));
        Assert.False(File.Exists(file + ".tmp"));
    }

    CommandRun Generate(params string[] args) => CommandRun.Of(["generate", "--model", _model, .. args]);

    static JsonElement[] Lines(string text) =>
        [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)];
}
