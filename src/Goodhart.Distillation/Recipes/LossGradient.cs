using Goodhart.Distillation.Data;
using Goodhart.Distillation.Losses;
using Goodhart.Distillation.Teachers;
using Goodhart.Engine.Autograd;
using Goodhart.Engine.Tensors;
using Goodhart.Engine.Threading;
using Goodhart.Models;

namespace Goodhart.Distillation.Recipes;

/// <summary>The gradient of a distillation's loss, without a step: for tests before training.</summary>
public static class LossGradient
{
    /// <summary>The mean loss of all completion tokens; its gradient is left in the student's parameters.</summary>
    /// <param name="student">Trainable.</param>
    /// <param name="teacher">Of the same vocabulary.</param>
    /// <param name="distance">What would be minimised.</param>
    /// <param name="examples">At least one.</param>
    /// <param name="batchSize">Examples that pass through the model at once.</param>
    /// <param name="workers">The threads to use.</param>
    public static double Of(ICausalLm student, ITeacher teacher, DistillationLoss distance, IReadOnlyList<Example> examples, int batchSize, Workers workers) =>
        Of(new Tape(workers), student, teacher, distance, examples, batchSize);

    /// <summary>The same on a given tape, which tells afterwards how much memory it took.</summary>
    public static double Of(Tape tape, ICausalLm student, ITeacher teacher, DistillationLoss distance, IReadOnlyList<Example> examples, int batchSize)
    {
        int tokens = examples.Sum(example => example.CompletionLength);
        student.Parameters.ZeroGradients();
        double value = 0;
        foreach (Example[] batch in examples.Chunk(batchSize))
        {
            tape.Reset();
            Tensor part = LogitDistillation.Loss(tape, student, teacher, distance, new ExampleBatch(batch), 1f / tokens);
            value += part.Data[0];
            tape.Backward(part);
        }

        return value;
    }
}
