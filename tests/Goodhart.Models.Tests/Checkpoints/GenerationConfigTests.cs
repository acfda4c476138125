using Goodhart.Models.Checkpoints;

namespace Goodhart.Models.Tests.Checkpoints;

public sealed class GenerationConfigTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    [Fact]
    public void What_the_file_does_not_say_stays_open()
    {
        GenerationConfig config = Read("""{"_from_model_config":true,"pad_token_id":2,"transformers_version":"4.43.3"}""");

        Assert.Equivalent(new GenerationConfig { PadTokenId = 2 }, config, strict: true);
        Assert.Empty(config.EosTokenId);
    }

    [Theory]
    [InlineData("""{"eos_token_id":7}""", new[] { 7 })]
    [InlineData("""{"eos_token_id":[128001,128008]}""", new[] { 128001, 128008 })]
    [InlineData("""{"eos_token_id":null}""", new int[0])]
    [InlineData("{}", new int[0])]
    public void One_end_id_or_several_or_none(string json, int[] ids) => Assert.Equal(ids, Read(json).EosTokenId);

    [Fact]
    public void What_was_written_is_read_back()
    {
        GenerationConfig config = new()
        {
            BosTokenId = 1,
            EosTokenId = [2, 5],
            PadTokenId = 0,
            DoSample = true,
            Temperature = 0.7f,
            TopK = 40,
            TopP = 0.95f,
            MaxNewTokens = 256,
        };

        config.Write(_folder.Path);

        Assert.Equivalent(config, GenerationConfig.Read(_folder["generation_config.json"]), strict: true);
    }

    [Fact]
    public void The_file_is_as_hugging_face_writes_it()
    {
        new GenerationConfig { BosTokenId = 1, EosTokenId = [2], Temperature = 0.5f }.Write(_folder.Path);

        Assert.Equal(
            "{\n  \"bos_token_id\": 1,\n  \"eos_token_id\": 2,\n  \"temperature\": 0.5\n}\n",
            File.ReadAllText(_folder["generation_config.json"]));
    }

    [Theory]
    [InlineData("""{"temperature":0}""", "'temperature' should be above 0, got 0; for no sampling set 'do_sample' to false")]
    [InlineData("""{"temperature":1e99}""", "'temperature' should be above 0")]
    [InlineData("""{"top_k":-1}""", "'top_k' should be at least 0, got -1")]
    [InlineData("""{"top_p":1.5}""", "'top_p' should be above 0 and at most 1, got 1.5")]
    [InlineData("""{"max_new_tokens":0}""", "'max_new_tokens' should be at least 1, got 0")]
    [InlineData("""{"temperature":"hot"}""", "'temperature' should be a number, got \"hot\"")]
    [InlineData("""{"do_sample":1}""", "'do_sample' should be true or false, got 1")]
    [InlineData("""{"eos_token_id":["</s>"]}""", "'eos_token_id' should be a token id or a list of them, got [\"</s>\"]")]
    [InlineData("""{"eos_token_id":[1,[2]]}""", "'eos_token_id' should be a token id or a list of them")]
    public void A_value_out_of_range_or_of_another_kind_is_named(string json, string problem)
    {
        CheckpointException error = Assert.Throws<CheckpointException>(() => Read(json));

        Assert.StartsWith(_folder["generation_config.json"] + ": " + problem, error.Message);
    }

    [Fact]
    public void All_problems_are_told_at_once()
    {
        CheckpointException error = Assert.Throws<CheckpointException>(() => Read("""{"top_k":-1,"top_p":2}"""));

        Assert.Equal(2, error.Message.Split('\n').Length);
    }

    public void Dispose() => _folder.Dispose();

    GenerationConfig Read(string json) => GenerationConfig.Read(_folder.Write("generation_config.json", json));
}
