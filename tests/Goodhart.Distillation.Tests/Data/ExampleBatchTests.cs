using Goodhart.Distillation.Data;
using Goodhart.Distillation.Evaluation;
using Goodhart.Engine.Autograd;
using Goodhart.Engine.Tensors;
using Goodhart.Engine.Threading;
using Goodhart.Models.Architectures.Llama;

namespace Goodhart.Distillation.Tests.Data;

public sealed class ExampleBatchTests : IDisposable
{
    readonly Workers _workers = new(1);

    [Fact]
    public void Each_completion_token_is_predicted_where_the_one_before_it_was_read()
    {
        ExampleBatch batch = new([new Example([5, 6, 7, 8], PromptLength: 2), new Example([1, 2], PromptLength: 1), new Example([9, 4, 3], PromptLength: 1)]);

        Assert.Equal([5, 6, 7, 1, 0, 0, 9, 4, 0], batch.Inputs.Ids);
        Assert.Equal(3, batch.Inputs.Length);
        Assert.Equal([1, 2, 3, 6, 7], batch.Rows);
        Assert.Equal([7, 8, 2, 4, 3], batch.Targets);
    }

    [Fact]
    public void What_an_example_loses_does_not_depend_on_what_fills_its_batch_up()
    {
        LlamaModel model = Tiny.Model(1);
        Example[] examples = Tiny.Examples(6);

        float[] together = Losses(model, examples);

        Assert.Equal(examples.SelectMany(example => Losses(model, [example])), together);
        Assert.Equal(examples.Sum(example => example.CompletionLength), together.Length);
    }

    [Fact]
    public void Nothing_is_learnt_where_a_batch_is_filled_up()
    {
        LlamaModel model = Tiny.Model(1);
        Tape tape = new(_workers);
        ExampleBatch batch = new(Tiny.Examples(6));
        Assert.Contains(0, batch.Inputs.Ids);

        tape.Backward(tape.Sum(tape.CrossEntropy(Scoring.CompletionLogits(tape, model, batch), batch.Targets)));

        Span<float> embedding = model.Parameters.Gradients[..(Tiny.Config.VocabSize * Tiny.Config.HiddenSize)];
        Assert.Equal(new float[Tiny.Config.HiddenSize], embedding[..Tiny.Config.HiddenSize].ToArray());
        Assert.NotEqual(new float[Tiny.Config.HiddenSize], embedding[Tiny.Config.HiddenSize..(2 * Tiny.Config.HiddenSize)].ToArray());
    }

    public void Dispose() => _workers.Dispose();

    float[] Losses(LlamaModel model, Example[] examples)
    {
        Tape tape = new(_workers);
        ExampleBatch batch = new(examples);
        Tensor losses = tape.CrossEntropy(Scoring.CompletionLogits(tape, model, batch), batch.Targets);
        return losses.Data.ToArray();
    }
}
