using FsCheck.Xunit;
using Goodhart.Testing;
using Goodhart.Tokenizers.PreTokenizers;
using Goodhart.Tokenizers.PreTokenizers.KnownSplits;
using Goodhart.Tokenizers.Tests.Fixtures;
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
        Assert.Equal(merges.Select(merge => merge.Replace(" ", "", StringComparison.Ordinal)), Learned(tokenizer));
        Assert.Equal(500, tokenizer.VocabularySize);
        Assert.Equal((0, 0), (tokenizer.BosId, tokenizer.EosId));
    }

    [Fact]
    public void Of_equally_frequent_pairs_the_one_with_the_greatest_bytes_is_merged_first() =>
        Assert.Equal(["yz", "ab"], Learned(Train(["ab,yz,ab,yz"])));

    [Fact]
    public void A_pair_is_merged_only_if_it_is_frequent_enough()
    {
        Assert.Equal(["ab"], Learned(Train(["ab,ab,ab,cd,cd"], minFrequency: 3)));
        Assert.Equal(258, Train(["abcdef"]).VocabularySize);
    }

    [Fact]
    public void Special_tokens_are_neither_learned_from_nor_merged_across() =>
        Assert.Equal(["ab"], Learned(Train(["ab</s>ab</s>ab</s>"])));

    [Fact]
    public void Words_do_not_reach_across_texts() => Assert.Empty(Learned(Train(["a", "b", "a", "b"])));

    [Fact]
    public void Encoding_the_training_text_gives_the_learned_tokens()
    {
        Tokenizer tokenizer = Train(Enumerable.Repeat("Once upon a time", 3));
        int[] ids = tokenizer.Encode("Once upon a time", addSpecialTokens: false);
        Assert.Equal(["Once", "\u0120upon", "\u0120a", "\u0120time"], ids.Select(tokenizer.TokenOf));
    }

    [Property(MaxTest = 200)]
    public void Merges_are_those_of_counting_anew_each_time(byte[]? drawn)
    {
        string text = string.Concat((drawn ?? []).Select(b => "aab c"[b % 5]));
        Assert.Equal(LearnedPlainly(text), Learned(Train([text])));
    }

    [Fact]
    public void The_same_texts_give_the_same_tokenizer() => Assert.Equal(
        Learned(Trained.Tokenizer), Learned(BpeTrainer.Train(Trained.Stories, new BpeTrainerOptions { VocabularySize = 320 })));

    [Fact]
    public void Options_that_contradict_themselves_are_refused()
    {
        Assert.Contains("at least 258", Refusal(new BpeTrainerOptions { VocabularySize = 257 }), StringComparison.Ordinal);
        Assert.Contains("MinFrequency", Refusal(new BpeTrainerOptions { MinFrequency = 0 }), StringComparison.Ordinal);
        Assert.Contains("named twice", Refusal(new BpeTrainerOptions { SpecialTokens = ["<s>", "<s>"] }), StringComparison.Ordinal);
        Assert.Contains("2 characters", Refusal(new BpeTrainerOptions { SpecialTokens = [""] }), StringComparison.Ordinal);
    }

    [Fact]
    public void Half_a_surrogate_pair_is_refused() => Assert.Throws<TokenizerException>(() => Train(["a\uD800"]));

    static Tokenizer Train(IEnumerable<string> texts, int minFrequency = 2) =>
        BpeTrainer.Train(texts, new BpeTrainerOptions { MinFrequency = minFrequency });

    static string Refusal(BpeTrainerOptions options) =>
        Assert.Throws<ArgumentException>(() => BpeTrainer.Train([], options)).Message;

    /// <summary>What comes after the special tokens and the bytes.</summary>
    static string[] Learned(Tokenizer tokenizer)
    {
        int known = tokenizer.IdOf("\u0143")!.Value + 1; // the last of the byte alphabet
        return [.. Enumerable.Range(known, tokenizer.VocabularySize - known).Select(tokenizer.TokenOf)];
    }

    /// <summary>The specification, for texts of the letters a to c and single spaces at will.</summary>
    static string[] LearnedPlainly(string text)
    {
        List<Piece> pieces = [];
        new ByteLevelPreTokenizer(false, KnownSplit.Gpt2).Split(new(text, true), pieces);
        List<List<string>> words = [.. pieces.Select(piece => piece.Text.ToString().Select(c => $"{c}").ToList())];
        List<string> learned = [];
        while (true)
        {
            var best = words.SelectMany(word => word.Zip(word.Skip(1)))
                .GroupBy(pair => pair)
                .Where(group => group.Count() >= 2)
                .OrderByDescending(group => group.Count())
                .ThenByDescending(group => Bytes(group.Key.First), StringComparer.Ordinal)
                .ThenByDescending(group => Bytes(group.Key.Second), StringComparer.Ordinal)
                .Select(group => group.Key)
                .FirstOrDefault();
            if (best.First is null)
                return [.. learned.Distinct()];

            learned.Add(best.First + best.Second);
            foreach (List<string> word in words)
            {
                for (int i = 0; i + 1 < word.Count; i++)
                {
                    if (word[i] != best.First || word[i + 1] != best.Second)
                        continue;
                    word[i] += word[i + 1];
                    word.RemoveAt(i + 1);
                }
            }
        }

        static string Bytes(string token) => token.Replace('\u0120', ' ');
    }

    static string PathOf(string file) => SharedData.PathOf("data", "tokenizers", "bpe_training", file);
}
