using Goodhart.Tokenizers.Training;

namespace Goodhart.Tokenizers.Tests.Fixtures;

/// <summary>A byte-level tokenizer that is trained within the test, so that most tests need no files.</summary>
static class Trained
{
    public static IReadOnlyList<string> Stories { get; } =
    [
        "Once upon a time there was a small fox. The fox lived in the woods, and the woods were deep.",
        "\"Where are you going?\" asked the owl. \"I'm going to the river,\" said the fox, \"to see the 12 ducks.\"",
        "The ducks weren't there. So the fox sat down, and waited, and waited\n\nand the moon came up over the woods.",
    ];

    public static Tokenizer Tokenizer { get; } = BpeTrainer.Train(Stories, new BpeTrainerOptions { VocabularySize = 320 });
}
