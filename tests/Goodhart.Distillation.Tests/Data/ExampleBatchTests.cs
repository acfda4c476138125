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

        Assert.Equal([5, 6, 7, 1, 9, 4], batch.Inputs.Ids);
        Assert.Equal([0, 1, 2, 0, 0, 1], batch.Inputs.Positions);
        Assert.Equal([1, 2, 3, 4, 5], batch.Rows);
        Assert.Equal([7, 8, 2, 4, 3], batch.Targets);
    }

    [Fact]
    public void What_an_example_loses_does_not_depend_on_the_others_in_its_batch()
    {
        LlamaModel model = Tiny.Model(1);
        Example[] examples = Tiny.Examples(6);

        float[] together = Losses(model, examples);

        Assert.Equal(examples.SelectMany(example => Losses(model, [example])), together);
        Assert.Equal(examples.Sum(example => example.CompletionLength), together.Length);
    }

    [Fact]
    public void Examples_of_different_lengths_take_no_more_rows_than_they_have_tokens()
    {
        Example[] examples = [new([.. Enumerable.Repeat(1, 50)], PromptLength: 1), .. Enumerable.Repeat(new Example([1, 2], PromptLength: 1), 30)];

        Assert.Equal(49 + 30, new ExampleBatch(examples).Inputs.Ids.Length);
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
