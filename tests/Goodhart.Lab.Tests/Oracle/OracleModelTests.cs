using Goodhart.Lab.Configuration;
using Goodhart.Lab.Experiments;
using Goodhart.Models.Architectures.Llama;
using Goodhart.Models.Checkpoints;
using Goodhart.Tokenizers;

namespace Goodhart.Lab.Oracle;

public sealed class OracleModelTests : IDisposable
{
    static readonly ExperimentData Data = new() { PromptLength = 8, MaxCompletionLength = 8 };

    readonly TemporaryFolder _folder = new();

    [Fact]
    public void A_directory_with_model_and_tokenizer_is_an_oracle()
    {
        var oracle = OracleModel.Load(TinyExperiment.WriteOracle(_folder.Path), Data);

        Assert.Equal(0, oracle.BosTokenId);
        Assert.False(oracle.Model.Parameters.IsTrainable);
    }

    [Fact]
    public void A_smaller_model_shares_the_vocabulary_and_its_special_tokens()
    {
        var oracle = OracleModel.Load(TinyExperiment.WriteOracle(_folder.Path), Data);

        LlamaConfig smaller = oracle.Smaller(TinyExperiment.Config.Student, context: 8);

        Assert.Empty(smaller.Validate());
        Assert.Equal((258, 8, 8, 1, true), (smaller.VocabSize, smaller.MaxPositionEmbeddings, smaller.HeadDim, smaller.NumAttentionHeads, smaller.TieWordEmbeddings));
        Assert.Equal(0, smaller.BosTokenId);
        Assert.Equal([1], smaller.EosTokenId);
    }

    [Fact]
    public void A_model_is_saved_with_the_tokenizer()
    {
        var oracle = OracleModel.Load(TinyExperiment.WriteOracle(_folder.PathOf("oracle")), Data);

        oracle.Save(oracle.Model, _folder.PathOf("student"));

        Assert.Equal(0, OracleModel.Load(_folder.PathOf("student"), Data).BosTokenId);
        Assert.Equal(258, Tokenizer.Load(_folder.PathOf("student")).VocabularySize);
    }

    [Fact]
    public void Without_a_tokenizer_there_is_no_oracle()
    {
        File.Delete(Path.Combine(TinyExperiment.WriteOracle(_folder.Path), "tokenizer.json"));

        CheckpointException error = Assert.Throws<CheckpointException>(() => OracleModel.Load(_folder.Path, Data));

        Assert.StartsWith($"{_folder.Path}: there is no tokenizer.json", error.Message);
    }

    [Fact]
    public void Without_a_token_that_begins_a_text_there_is_no_oracle()
    {
        LlamaModel model = TinyExperiment.OracleWeights();
        TinyExperiment.WriteOracle(_folder.Path);
        (model.Config with { BosTokenId = null }).Write(_folder.Path);

        CheckpointException error = Assert.Throws<CheckpointException>(() => OracleModel.Load(_folder.Path, Data));

        Assert.Contains("config.json has no bos_token_id", error.Message);
    }

    [Theory]
    [InlineData(9, 8)]
    [InlineData(int.MaxValue, int.MaxValue)]
    public void Texts_longer_than_the_context_are_refused(int promptLength, int completionLength)
    {
        TinyExperiment.WriteOracle(_folder.Path);

        ConfigException error = Assert.Throws<ConfigException>(() =>
            OracleModel.Load(_folder.Path, new() { PromptLength = promptLength, MaxCompletionLength = completionLength }));

        Assert.Contains($"data.prompt_length: {promptLength}", error.Message);
        Assert.Contains($"at most the oracle's context of 16, got {(long)promptLength + completionLength}.", error.Message);
    }

    public void Dispose() => _folder.Dispose();
}
