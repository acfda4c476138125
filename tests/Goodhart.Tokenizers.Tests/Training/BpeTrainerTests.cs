using Goodhart.Testing;
using Goodhart.Tokenizers.Training;

namespace Goodhart.Tokenizers.Tests.Training;

public sealed class BpeTrainerTests
{
    [SharedDataFact]
    public void The_merges_of_a_published_corpus_are_learned_exactly()
    {
        Tokenizer tokenizer = BpeTrainer.Train(
            [File.ReadAllText(PathOf("corpus.en"))],
            new BpeTrainerOptions { VocabularySize = 500, SpecialTokens = ["<|endoftext|>"] });

        string[] merges = File.ReadAllLines(PathOf("train-bpe-reference-merges.txt"));
        Assert.Equal(
            merges.Select(merge => merge.Replace(" ", "", StringComparison.Ordinal)),
            Enumerable.Range(257, merges.Length).Select(tokenizer.TokenOf));
        Assert.Equal(500, tokenizer.VocabularySize);
    }

    static string PathOf(string file) => SharedData.PathOf("data", "tokenizers", "bpe_training", file);
}
