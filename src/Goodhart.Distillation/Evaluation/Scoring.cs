using Goodhart.Distillation.Data;
using Goodhart.Engine.Autograd;
using Goodhart.Engine.Tensors;
using Goodhart.Models;

namespace Goodhart.Distillation.Evaluation;

/// <summary>A model's logits where completions are predicted, and sums over each completion.</summary>
static class Scoring
{
    /// <summary>Of shape [completion tokens, V].</summary>
    public static Projection Completions(Tape tape, ICausalLm model, ExampleBatch batch) =>
        model.Project(tape.Embedding(model.Hidden(tape, batch.Inputs), batch.Rows));

    /// <summary>[completion tokens, V].</summary>
    public static Tensor CompletionLogits(Tape tape, ICausalLm model, ExampleBatch batch) => Logits(tape, Completions(tape, model, batch));

    /// <summary>[completion tokens, V].</summary>
    public static Tensor Logits(Tape tape, Projection completions) => tape.Linear(completions.Hidden, completions.Head);

    /// <summary>Appends each example's sum over its rows of <paramref name="rows"/>, [completion tokens, 1].</summary>
    public static void AddSums(ExampleBatch batch, Tensor rows, List<(double Sum, int Tokens)> sums)
    {
        int at = 0;
        foreach (Example example in batch.Examples)
        {
            double sum = 0;
            for (int t = 0; t < example.CompletionLength; t++)
                sum += rows.Data[at++];
            sums.Add((sum, example.CompletionLength));
        }
    }
}
