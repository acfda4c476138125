using Goodhart.Distillation.Data;
using Goodhart.Tokenizers;
using Goodhart.Tokenizers.Training;

namespace Goodhart.Distillation.Tests.Data;

public sealed class TextBlocksTests
{
    static readonly string[] Documents = ["one", "", "two and three"];

    [Fact]
    public void Every_token_but_the_first_is_predicted_once()
    {
        Tokenizer tokenizer = Bytes("<s>", "</s>");
        int[] stream = [.. Documents.SelectMany(d => (int[])[tokenizer.BosId!.Value, .. tokenizer.Encode(d, addSpecialTokens: false), tokenizer.EosId!.Value])];

        IReadOnlyList<Example> blocks = TextBlocks.Cut(Documents, tokenizer, length: 4);

        Assert.Equal(22, stream.Length);
        Assert.Equal(stream[1..21], blocks.SelectMany(block => block.Ids[block.PromptLength..]));
        Assert.All(blocks, block => Assert.Equal((5, 1), (block.Ids.Length, block.PromptLength)));
        Assert.All(blocks.Zip(blocks.Skip(1)), pair => Assert.Equal(pair.First.Ids[^1], pair.Second.Ids[0]));
    }

    [Theory]
    [InlineData(20, 1)]
    [InlineData(21, 1)]
    [InlineData(22, 0)]
    public void A_block_needs_one_token_more_than_it_predicts(int length, int blocks) =>
        Assert.Equal(blocks, TextBlocks.Cut(Documents, Bytes("<s>", "</s>"), length).Count);

    [Fact]
    public void Without_an_end_token_documents_are_told_apart_by_their_beginnings()
    {
        int[] ids = TextBlocks.Cut(["a", "b"], Bytes("<s>"), length: 3)[0].Ids;

        Assert.Equal(ids[0], ids[2]);
        Assert.NotEqual(ids[1], ids[3]);
    }

    [Fact]
    public void Without_a_token_that_begins_documents_nothing_is_cut()
    {
        CorpusException error = Assert.Throws<CorpusException>(() => TextBlocks.Cut(Documents, Bytes("</s>"), 4));

        Assert.Contains("no BOS token", error.Message);
    }

    static Tokenizer Bytes(params string[] specialTokens) =>
        BpeTrainer.Train([], new() { VocabularySize = 256 + specialTokens.Length, SpecialTokens = specialTokens });
}
