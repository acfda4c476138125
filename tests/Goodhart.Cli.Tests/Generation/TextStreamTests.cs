using Goodhart.Testing;
using Goodhart.Tokenizers;
using Goodhart.Tokenizers.Training;

namespace Goodhart.Cli.Generation;

public class TextStreamTests
{
    const string Awkward = " two  spaces, caf\u00e9 \u65e5\u672c\u8a9e \ud83d\udc69\u200d\ud83d\ude80\n\n\ttabs and once upon a time ";

    [Theory]
    [InlineData("")]
    [InlineData("once upon")]
    [InlineData("caf\u00e9 ")]
    public void The_pieces_together_are_the_text_of_all_ids(string prompt) =>
        AssertStreams(BpeTrainer.Train(["once upon a time"], new BpeTrainerOptions { VocabularySize = 270 }), prompt);

    [SharedDataTheory]
    [InlineData("")]
    [InlineData("Once upon")]
    public void Also_with_a_mark_for_spaces_and_bytes_as_a_fallback(string prompt) =>
        AssertStreams(Tokenizer.Load(SharedData.PathOf("data", "models", "tinyllamas-260k", "tok512.bin")), prompt);

    [Fact]
    public void A_character_is_shown_when_it_is_whole_or_when_nothing_more_comes()
    {
        Tokenizer tokenizer = BpeTrainer.Train(["x"], new BpeTrainerOptions { VocabularySize = 258 });
        int[] euro = tokenizer.Encode("\u20ac", addSpecialTokens: false);
        TextStream text = new(tokenizer, []);

        Assert.Equal(["", "", "\u20ac"], euro.Select(text.Add));
        Assert.Equal("", text.Add(euro[0]));
        Assert.Equal("\uFFFD", text.End());
    }

    static void AssertStreams(Tokenizer tokenizer, string prompt)
    {
        int[] before = tokenizer.Encode(prompt), all = tokenizer.Encode(prompt + Awkward);
        Assert.Equal(before, all[..before.Length]);
        TextStream text = new(tokenizer, before);

        string streamed = string.Concat(all[before.Length..].Select(text.Add)) + text.End();

        Assert.Equal(tokenizer.Decode(all), tokenizer.Decode(before) + streamed);
    }
}
