using Goodhart.Distillation.Evaluation;
using Goodhart.Engine.Threading;
using Goodhart.Models.Architectures.Llama;
using Goodhart.Tokenizers;
using Goodhart.Tokenizers.Training;

namespace Goodhart.Distillation.Tests.Evaluation;

public sealed class TextScoreTests : IDisposable
{
    static readonly Tokenizer Bytes = BpeTrainer.Train([], new() { VocabularySize = 258 });

    readonly Workers _workers = new(1);
    readonly LlamaModel _model = Tiny.Model(1, Tiny.Config with { VocabSize = 258 });

    [Fact]
    public void It_is_the_mean_surprise_of_every_token_and_of_the_end()
    {
        string[] documents = ["cat", "süß", ""];

        var score = TextScore.Of(_model, documents, Bytes, length: 20, _workers);

        double nats = -documents.Sum(d => Surprise([Bytes.BosId!.Value, .. Bytes.Encode(d, addSpecialTokens: false), Bytes.EosId!.Value]));
        Assert.Equal((11L, 8L), (score.Tokens, score.Bytes));
        Assert.Equal(nats / 11, score.NatsPerToken, 1e-5);
        Assert.Equal(nats / 8, score.NatsPerByte, 1e-5);
    }

    [Fact]
    public void A_long_document_is_scored_as_far_as_the_context_reaches()
    {
        var score = TextScore.Of(_model, [new string('a', 100)], Bytes, length: 20, _workers);

        Assert.Equal((20L, 20L), (score.Tokens, score.Bytes));
        Assert.Equal(score.NatsPerToken, score.NatsPerByte);
    }

    public void Dispose() => _workers.Dispose();

    double Surprise(int[] ids)
    {
        double[][] rows = SequenceDistribution.LogProbabilities(_model, ids);
        return ids.Skip(1).Select((id, t) => rows[t][id]).Sum();
    }
}
