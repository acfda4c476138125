using Goodhart.Testing;

namespace Goodhart.Tokenizers.Tests;

public sealed class Llama2cVocabularyTests
{
    [SharedDataFact]
    public void A_published_vocabulary_encodes_as_its_model_was_trained()
    {
        Tokenizer tokenizer = LoadTok512();

        Assert.Equal([1, 403, 407, 261, 378], tokenizer.Encode("Once upon a time"));
        Assert.Equal("Once upon a time", tokenizer.Decode([1, 403, 407, 261, 378]));
        Assert.Equal(512, tokenizer.VocabularySize);
        Assert.Equal((1, 2, null, 0), (tokenizer.BosId, tokenizer.EosId, tokenizer.PadId, tokenizer.UnknownId));
    }

    static Tokenizer LoadTok512() => Tokenizer.Load(SharedData.PathOf("data", "models", "tinyllamas-260k", "tok512.bin"));
}
