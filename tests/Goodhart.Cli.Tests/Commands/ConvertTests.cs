using System.Buffers.Binary;
using System.Text;
using Goodhart.Models.Gguf;
using Goodhart.Testing;

namespace Goodhart.Cli.Commands;

public sealed class ConvertTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    static string Weights => SharedData.PathOf("data", "models", "tinyllamas-260k", "stories260K.bin");

    static string Vocabulary => SharedData.PathOf("data", "models", "tinyllamas-260k", "tok512.bin");

    [SharedDataFact]
    public void A_llama2c_model_becomes_a_directory_that_generate_reads()
    {
        CommandRun converted = Convert(Weights, Vocabulary);

        Assert.Equal(ExitCode.Done, converted.ExitCode);
        Assert.Equal(
            ["config.json", "generation_config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json"],
            Directory.EnumerateFileSystemEntries(_folder.PathOf("out")).Select(Path.GetFileName).Order());
        CommandRun text = CommandRun.Of("generate", "--model", _folder.PathOf("out"), "--prompt", "Once upon a time", "--max-new-tokens", "4", "--greedy");
        Assert.Equal("Once upon a time, there was a", text.Out);
    }

    [SharedDataFact]
    public void A_model_goes_to_gguf_with_its_words_and_back_with_the_same_text()
    {
        Convert(Weights, Vocabulary);
        string file = _folder.PathOf("model.gguf"), back = _folder.PathOf("back"), tokenizer = _folder.PathOf("out", "tokenizer.json");

        Assert.Equal(ExitCode.Done, CommandRun.Of("convert", "--from", "huggingface", "--to", "gguf", "--model", _folder.PathOf("out"), "--output", file).ExitCode);
        using (GgufFile gguf = GgufFile.Open(file))
        {
            object[] tokens = (object[])gguf.Metadata["tokenizer.ggml.tokens"], types = (object[])gguf.Metadata["tokenizer.ggml.token_type"];
            Assert.Equal("llama", gguf.Metadata["tokenizer.ggml.model"]);
            Assert.Equal((512, 512, 512), (tokens.Length, types.Length, ((object[])gguf.Metadata["tokenizer.ggml.scores"]).Length));
            Assert.Equal(("<0x0A>", 6L), (tokens[13], types[13]));
            Assert.Equal(3L, types[1]);
        }

        Assert.Equal(ExitCode.Done, CommandRun.Of("convert", "--from", "gguf", "--model", file, "--tokenizer", tokenizer, "--output", back).ExitCode);
        string[] args = ["--prompt", "Once upon a time", "--max-new-tokens", "20", "--greedy"];
        Assert.Equal(CommandRun.Of(["generate", "--model", _folder.PathOf("out"), .. args]).Out, CommandRun.Of(["generate", "--model", back, .. args]).Out);
        Assert.Contains("already exists", CommandRun.Of("convert", "--from", "huggingface", "--to", "gguf", "--model", back, "--output", file).RefusedOnce());
    }

    [SharedDataFact]
    public void The_greedy_text_is_that_of_llama2c()
    {
        Convert(Weights, Vocabulary);
        string expected = File.ReadAllText(SharedData.PathOf("data", "models", "tinyllamas-260k", "expected_greedy.txt"));

        // The file holds llama2.c's 200 steps, so a longer text only begins with it.
        string[] args = ["generate", "--model", _folder.PathOf("out"), "--prompt", "", "--greedy", "--max-new-tokens"];
        Assert.Equal(expected, CommandRun.Of([.. args, "200"]).Out);
        Assert.StartsWith(expected, CommandRun.Of([.. args, "256"]).Out);
    }

    [SharedDataFact]
    public void An_earlier_directory_stays_unless_it_may_be_replaced()
    {
        _folder.Write("out/notes.txt", "mine");

        string refusal = Convert(Weights, Vocabulary).RefusedOnce();
        Assert.Contains("already holds something", refusal);
        Assert.Contains("--overwrite", refusal);
        Assert.Equal(["notes.txt"], Directory.EnumerateFiles(_folder.PathOf("out")).Select(Path.GetFileName));

        Assert.Equal(ExitCode.Done, Convert(Weights, Vocabulary, "--overwrite").ExitCode);
        Assert.True(File.Exists(_folder.PathOf("out", "notes.txt")));
        Assert.True(File.Exists(_folder.PathOf("out", "model.safetensors")));
    }

    [SharedDataFact]
    public void A_truncated_model_leaves_nothing_behind()
    {
        string cut = _folder.PathOf("cut.bin");
        File.WriteAllBytes(cut, File.ReadAllBytes(Weights)[..5000]);

        Assert.Contains("5000", Convert(cut, Vocabulary).RefusedOnce());
        Assert.Equal([cut], Directory.EnumerateFileSystemEntries(_folder.Path));
    }

    [SharedDataFact]
    public void A_vocabulary_of_another_model_is_refused()
    {
        // The first 259 tokens and one more are a vocabulary in itself.
        byte[] whole = File.ReadAllBytes(Vocabulary);
        int end = 4;
        for (int token = 0; token < 260; token++)
            end += 8 + BinaryPrimitives.ReadInt32LittleEndian(whole.AsSpan(end + 4));
        string small = _folder.PathOf("small.bin");
        File.WriteAllBytes(small, whole[..end]);

        Assert.Contains("should have the model's 512 tokens, got 260", Convert(Weights, small).RefusedOnce());
        Assert.False(Path.Exists(_folder.PathOf("out")));
    }

    [Fact]
    public void A_file_that_is_no_model_is_refused() =>
        Assert.Contains("not.bin", Convert(_folder.Write("not.bin", Encoding.ASCII.GetString(new byte[64])), "none.bin").Refused()[0]);

    [Fact]
    public void A_model_that_is_not_there_is_refused() => Assert.Contains("none.bin", Convert(_folder.PathOf("none.bin"), "t.bin").RefusedOnce());

    CommandRun Convert(string model, string tokenizer, params string[] more) => CommandRun.Of(
        ["convert", "--from", "llama2c", "--model", model, "--tokenizer", tokenizer, "--output", _folder.PathOf("out"), .. more]);
}
