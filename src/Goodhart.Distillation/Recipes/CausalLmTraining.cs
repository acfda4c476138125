using Goodhart.Distillation.Data;
using Goodhart.Distillation.Evaluation;
using Goodhart.Engine.Randomness;
using Goodhart.Engine.Threading;
using Goodhart.Models;
using Goodhart.Models.Architectures.Llama;
using Goodhart.Tokenizers;
using Goodhart.Tokenizers.Training;

namespace Goodhart.Distillation.Recipes;

/// <summary>A causal language model from text: its tokenizer, its blocks, its training and its score on held-out documents.</summary>
public static class CausalLmTraining
{
    /// <summary>Trains a new model.</summary>
    /// <param name="documents">Text to learn.</param>
    /// <param name="heldOut">Text to score on; none of it is learnt.</param>
    /// <param name="tokenizer">Of the new model; null to train one on the documents.</param>
    /// <param name="options">Sizes, lengths and optimisation.</param>
    /// <param name="workers">The threads to use.</param>
    /// <param name="onStep">Called after each step; says whether to go on.</param>
    /// <exception cref="CorpusException">There is too little text for one block.</exception>
    /// <exception cref="TrainingException">The loss or a gradient is not finite.</exception>
    public static TrainedLanguageModel Run(
        IReadOnlyList<string> documents, IReadOnlyList<string> heldOut, Tokenizer? tokenizer, CausalLmOptions options, Workers workers,
        Func<TrainingStep, RunDecision> onStep)
    {
        tokenizer ??= BpeTrainer.Train(documents, new BpeTrainerOptions { VocabularySize = options.VocabSize });
        IReadOnlyList<Example> blocks = TextBlocks.Cut(documents, tokenizer, options.BlockLength);
        if (blocks.Count == 0)
            throw new CorpusException($"the text has fewer than {options.BlockLength + 1} tokens, one block. Add text or shorten the block.");

        ICausalLm model = LlamaModel.Initialize(options.ConfigFor(tokenizer), new Rng(options.Seed, "train/init"));
        OfflineSource data = new(blocks, new Rng(options.Seed, "train/order"));
        FineTuning.Run(model, data, options.Training, workers, onStep);
        TextScore? score = heldOut.Count == 0 ? null : TextScore.Of(model, heldOut, tokenizer, options.BlockLength, workers);
        return new TrainedLanguageModel(model, tokenizer, score, (long)blocks.Count * options.BlockLength);
    }
}

/// <summary>What <see cref="CausalLmTraining"/> made.</summary>
/// <param name="Model">The model.</param>
/// <param name="Tokenizer">Its tokenizer.</param>
/// <param name="HeldOut">Its score on held-out text; null where there was none.</param>
/// <param name="TokensPerEpoch">Tokens of the text that was learnt.</param>
public sealed record TrainedLanguageModel(ICausalLm Model, Tokenizer Tokenizer, TextScore? HeldOut, long TokensPerEpoch);

/// <summary>Options of <see cref="CausalLmTraining"/>; sizes named as in config.json.</summary>
public sealed record CausalLmOptions
{
    /// <summary>Every random stream is derived from it. Default 0.</summary>
    public long Seed { get; init; }

    /// <summary>Tokens of a tokenizer that is trained. Default 512.</summary>
    public int VocabSize { get; init; } = 512;

    /// <summary>Width. Default 64.</summary>
    public int HiddenSize { get; init; } = 64;

    /// <summary>Width of the feed-forward layer. Default 172.</summary>
    public int IntermediateSize { get; init; } = 172;

    /// <summary>Depth. Default 5.</summary>
    public int NumHiddenLayers { get; init; } = 5;

    /// <summary>Query heads. Default 8.</summary>
    public int NumAttentionHeads { get; init; } = 8;

    /// <summary>Key/value heads. Default 4.</summary>
    public int NumKeyValueHeads { get; init; } = 4;

    /// <summary>Longest context of the model. Default 512.</summary>
    public int MaxPositionEmbeddings { get; init; } = 512;

    /// <summary>Tokens of a training block. Default 256.</summary>
    public int BlockLength { get; init; } = 256;

    /// <summary>How it is optimised.</summary>
    public TrainingOptions Training { get; init; } = new() { MaxSteps = 2000, PerDeviceTrainBatchSize = 16 };

    /// <summary>All problems, as "name: should be ..., got ...".</summary>
    public IEnumerable<string> Validate()
    {
        foreach (string problem in Config(VocabSize).Validate())
            yield return problem;
        if (BlockLength < 1 || BlockLength > MaxPositionEmbeddings)
            yield return $"block_length: should be from 1 to max_position_embeddings {MaxPositionEmbeddings}, got {BlockLength}.";
        foreach (string problem in Training.Validate())
            yield return "training." + problem;
    }

    internal LlamaConfig ConfigFor(Tokenizer tokenizer) => Config(tokenizer.VocabularySize) with
    {
        BosTokenId = tokenizer.BosId,
        EosTokenId = tokenizer.EosId is int eos ? [eos] : [],
    };

    LlamaConfig Config(int vocabSize) => new()
    {
        VocabSize = vocabSize,
        HiddenSize = HiddenSize,
        IntermediateSize = IntermediateSize,
        NumHiddenLayers = NumHiddenLayers,
        NumAttentionHeads = NumAttentionHeads,
        NumKeyValueHeads = NumKeyValueHeads,
        MaxPositionEmbeddings = MaxPositionEmbeddings,
        RmsNormEps = 1e-5f,
        TieWordEmbeddings = true,
    };
}
