using Goodhart.Engine.Randomness;
using Goodhart.Models;
using Goodhart.Models.Architectures.Llama;
using Goodhart.Tokenizers;
using Goodhart.Tokenizers.Training;

namespace Goodhart.Cli;

/// <summary>A model directory that is made in no time and knows nothing.</summary>
static class TinyModel
{
    public const int Context = 64;

    static readonly string[] Texts = ["once upon a time there was a little girl", "the little dog said hello to the girl, once and once more"];

    public static string Write(TemporaryFolder folder, string name = "model", long seed = 0)
    {
        Tokenizer tokenizer = BpeTrainer.Train(Texts, new BpeTrainerOptions { VocabularySize = 280 });
        LlamaConfig config = new()
        {
            VocabSize = tokenizer.VocabularySize,
            HiddenSize = 8,
            IntermediateSize = 16,
            NumHiddenLayers = 1,
            NumAttentionHeads = 2,
            MaxPositionEmbeddings = Context,
            TieWordEmbeddings = true,
            BosTokenId = tokenizer.BosId,
            EosTokenId = [tokenizer.EosId!.Value],
            InitializerRange = 0.5f,
        };
        string directory = folder.PathOf(name);
        ModelDirectory.Save(LlamaModel.Initialize(config, new Rng(seed, "tiny")), directory);
        tokenizer.Save(directory);
        return directory;
    }
}
