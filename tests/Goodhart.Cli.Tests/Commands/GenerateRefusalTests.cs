using System.Text;
using Goodhart.Tokenizers;

namespace Goodhart.Cli.Commands;

public sealed class GenerateRefusalTests : IDisposable
{
    readonly TemporaryFolder _folder = new();
    readonly string _model;

    public GenerateRefusalTests() => _model = TinyModel.Write(_folder);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_truncated_model_is_refused()
    {
        string weights = Path.Combine(_model, "model.safetensors");
        File.WriteAllBytes(weights, File.ReadAllBytes(weights)[..^100]);

        Assert.Contains("model.safetensors", Generate().RefusedOnce());
    }

    [Fact]
    public void A_header_longer_than_the_file_is_refused()
    {
        string weights = Path.Combine(_model, "model.safetensors");
        byte[] bytes = File.ReadAllBytes(weights);
        bytes[7] = 0x7f;
        File.WriteAllBytes(weights, bytes);

        Assert.Contains("model.safetensors", Generate().RefusedOnce());
    }

    [Fact]
    public void Weights_that_are_no_numbers_are_refused()
    {
        string weights = Path.Combine(_model, "model.safetensors");
        byte[] bytes = File.ReadAllBytes(weights);
        BitConverter.TryWriteBytes(bytes.AsSpan(bytes.Length - 4), float.NaN);
        File.WriteAllBytes(weights, bytes);

        Assert.Contains("holds a NaN or an infinity", Generate().RefusedOnce());
    }

    [Fact]
    public void Weights_that_contradict_config_json_are_refused()
    {
        Edit("config.json", "\"hidden_size\": 8", "\"hidden_size\": 16");

        string line = Generate().RefusedOnce();
        Assert.Contains("model.embed_tokens.weight", line);
        Assert.Contains("config.json", line);
    }

    [Fact]
    public void A_model_larger_than_memory_is_refused_before_it_is_loaded()
    {
        Edit("config.json", "\"num_hidden_layers\": 1", "\"num_hidden_layers\": 1000");
        Edit("config.json", "\"hidden_size\": 8", "\"hidden_size\": 4000000");

        Assert.Matches(@"config\.json: asks for [\d,]+ weights, [\d.]+ GB as float32", Generate().RefusedOnce());
    }

    [Fact]
    public void A_missing_tokenizer_is_named()
    {
        File.Delete(Path.Combine(_model, "tokenizer.json"));

        Assert.Contains("tokenizer.json", Generate().RefusedOnce());
    }

    [Fact]
    public void A_tokenizer_of_another_model_is_refused()
    {
        int next = Tokenizer.Load(_model).VocabularySize;
        Edit("tokenizer.json", "\"added_tokens\": [", $$"""
            "added_tokens": [{"id": {{next}}, "content": "<more>", "special": true, "single_word": false, "lstrip": false, "rstrip": false, "normalized": false},
            """);

        Assert.Contains($"{next + 1} tokens, config.json says vocab_size {next}", Generate().RefusedOnce());
    }

    [Fact]
    public void A_folder_that_is_not_there_is_named() =>
        Assert.Contains("nowhere", CommandRun.Of("generate", "--model", _folder.PathOf("nowhere"), "--prompt", "").RefusedOnce());

    [Fact]
    public void A_prompt_longer_than_the_context_is_refused()
    {
        string prompts = _folder.Write("prompts.txt", "short\n" + new string('x', 2 * TinyModel.Context) + "\n");

        string line = CommandRun.Of("generate", "--model", _model, "--prompts", prompts).RefusedOnce();
        Assert.StartsWith($"{prompts}:2: has 129 tokens and 1 may follow; the model's context is {TinyModel.Context}.", line);
    }

    [Fact]
    public void Too_many_new_tokens_are_refused() =>
        Assert.Contains("lower --max-new-tokens", Generate("--max-new-tokens", "64").RefusedOnce());

    [Fact]
    public void Text_that_is_not_utf8_is_refused_with_its_line()
    {
        string prompts = _folder.PathOf("latin.txt");
        File.WriteAllBytes(prompts, [.. "fine\n"u8, .. Encoding.Latin1.GetBytes("Größe\n")]);

        Assert.Equal($"{prompts}:2: is not UTF-8 text (byte 7). Save the file as UTF-8.",
            CommandRun.Of("generate", "--model", _model, "--prompts", prompts).RefusedOnce());
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n  \n")]
    public void An_empty_file_of_prompts_is_refused(string text)
    {
        string prompts = _folder.Write("prompts.txt", text);

        Assert.Equal($"{prompts}: has no prompt. Write one a line.",
            CommandRun.Of("generate", "--model", _model, "--prompts", prompts).RefusedOnce());
    }

    [Fact]
    public void Every_line_that_is_no_prompt_is_named()
    {
        string prompts = _folder.Write("prompts.jsonl", "{\"prompt\":\"a\"}\n{\"text\":\"b\"}\nnot json\n{\"prompt\":4}\n{\"prompt\":\"\\ud800\"}\n");

        string[] lines = CommandRun.Of("generate", "--model", _model, "--prompts", prompts).Refused();
        Assert.Equal([2, 3, 4, 5], lines.Select(line => int.Parse(line[(prompts.Length + 1)..].Split(':')[0])));
    }

    [Fact]
    public void A_file_that_is_there_stays_unless_it_may_be_replaced()
    {
        string file = _folder.Write("out.jsonl", "mine");

        Assert.Contains("--overwrite", Generate("--output", file).RefusedOnce());
        Assert.Equal("mine", File.ReadAllText(file));
        Assert.Equal(ExitCode.Done, Generate("--output", file, "--overwrite").ExitCode);
        Assert.StartsWith("{", File.ReadAllText(file));
    }

    [Fact]
    public void An_output_that_cannot_be_written_is_refused() =>
        Assert.Contains("out.jsonl", Generate("--output", Path.Combine(_model, "config.json", "out.jsonl")).RefusedOnce());

    [Fact]
    public void A_probability_out_of_range_is_refused() =>
        Assert.Equal("top_p should be above 0 and at most 1, got 2.", Generate("--top-p", "2").RefusedOnce());

    CommandRun Generate(params string[] args) => CommandRun.Of(["generate", "--model", _model, "--prompt", "once", .. args]);

    void Edit(string file, string old, string @new)
    {
        string path = Path.Combine(_model, file), text = File.ReadAllText(path);
        Assert.Contains(old, text);
        File.WriteAllText(path, text.Replace(old, @new));
    }
}
