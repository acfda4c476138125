using Goodhart.Distillation.Data;
using Goodhart.Distillation.Recipes;
using Goodhart.Engine.Threading;

namespace Goodhart.Distillation.Tests.Recipes;

public sealed class CausalLmTrainingTests : IDisposable
{
    static readonly string[] Documents = [.. Enumerable.Range(0, 40).Select(i => $"The {(i % 2 == 0 ? "cat" : "dog")} sat on the mat. It was {i % 4} years old.")];

    static readonly CausalLmOptions Options = new()
    {
        Seed = 1,
        VocabSize = 270,
        HiddenSize = 16,
        IntermediateSize = 32,
        NumHiddenLayers = 1,
        NumAttentionHeads = 2,
        NumKeyValueHeads = 1,
        MaxPositionEmbeddings = 64,
        BlockLength = 32,
        Training = new() { MaxSteps = 60, PerDeviceTrainBatchSize = 4, LearningRate = 2e-2, WarmupSteps = 10 },
    };

    readonly Workers _workers = new(1);

    [Fact]
    public void A_text_is_learnt_and_what_follows_its_pattern_is_foreseen()
    {
        List<double> losses = [];

        TrainedLanguageModel trained = CausalLmTraining.Run(Documents, ["The dog sat on the mat. It was 2 years old."], null, Options, _workers, step =>
        {
            losses.Add(step.Loss);
            return RunDecision.Continue;
        });

        double uniform = Math.Log(trained.Tokenizer.VocabularySize);
        Assert.Equal(60, losses.Count);
        Assert.InRange(losses[0], 0.9 * uniform, 1.1 * uniform);
        Assert.InRange(losses[^1], 0, uniform / 5);
        Assert.InRange(trained.HeldOut!.NatsPerToken, 0, uniform / 5);
        Assert.Equal(43, trained.HeldOut.Bytes);
        Assert.Equal(trained.Tokenizer.VocabularySize, trained.Model.Config.VocabSize);
        Assert.Equal([trained.Tokenizer.EosId!.Value], trained.Model.Config.EosTokenId);
    }

    [Fact]
    public void The_same_seed_gives_the_same_weights_and_another_seed_others()
    {
        CausalLmOptions few = Options with { Training = Options.Training with { MaxSteps = 3 } };
        float[] weights = Weights(few);

        Assert.Equal(weights, Weights(few));
        Assert.NotEqual(weights, Weights(few with { Seed = 2 }));

        float[] Weights(CausalLmOptions options) =>
            Tiny.WeightsOf(CausalLmTraining.Run(Documents, [], null, options, _workers, _ => RunDecision.Continue).Model);
    }

    [Fact]
    public void Too_little_text_for_one_block_is_refused()
    {
        CorpusException error = Assert.Throws<CorpusException>(() =>
            CausalLmTraining.Run(["short"], [], null, Options, _workers, _ => RunDecision.Continue));

        Assert.Contains("fewer than 33 tokens, one block", error.Message);
    }

    [Fact]
    public void Every_problem_of_the_options_has_its_message()
    {
        Assert.Empty(new CausalLmOptions().Validate());
        Assert.Empty(Options.Validate());
        Assert.Equal(
        [
            "'num_attention_heads' should divide 'hidden_size' 16, got 3; or set 'head_dim'.",
            "'num_key_value_heads' should divide 'num_attention_heads' 3, got 2.",
            "block_length: should be from 1 to max_position_embeddings 64, got 65.",
            "training.max_steps: should be at least 1, got 0.",
        ], (Options with { NumAttentionHeads = 3, NumKeyValueHeads = 2, BlockLength = 65, Training = new() { MaxSteps = 0 } }).Validate());
    }

    public void Dispose() => _workers.Dispose();
}
