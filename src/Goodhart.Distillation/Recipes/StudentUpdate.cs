using Goodhart.Distillation.Data;
using Goodhart.Engine.Autograd;
using Goodhart.Engine.Optimizers;
using Goodhart.Engine.Tensors;
using Goodhart.Engine.Threading;
using Goodhart.Models;

namespace Goodhart.Distillation.Recipes;

/// <summary>The part of a step that every recipe shares: gradients of its examples, guard, clipping and update.</summary>
sealed class StudentUpdate(ICausalLm student, AdamW optimizer, TrainingOptions options, Workers workers)
{
    readonly LearningRateSchedule _schedule = options.Schedule;
    readonly Tape _tape = new(workers) { GradientCheckpointing = options.GradientCheckpointing };

    /// <summary>Moves the student against the gradient of the mean loss of all completion tokens of the source's next examples.</summary>
    /// <remarks>They pass through the model a batch at a time; a token counts the same in whichever batch it is.</remarks>
    /// <param name="step">Counted from 1.</param>
    /// <param name="source">Where the examples come from.</param>
    /// <param name="loss">The loss of a batch: weight times the sum over its completion tokens.</param>
    /// <exception cref="TrainingException">The loss or a gradient is not finite; the weights are left as they were.</exception>
    public TrainingStep Apply(int step, IExampleSource source, Func<Tape, ExampleBatch, float, Tensor> loss)
    {
        IReadOnlyList<Example> examples = source.Next(options.PerDeviceTrainBatchSize * options.GradientAccumulationSteps);
        int tokens = examples.Sum(example => example.CompletionLength);
        student.Parameters.ZeroGradients();
        double value = 0;
        foreach (Example[] batch in examples.Chunk(options.PerDeviceTrainBatchSize))
        {
            _tape.Reset();
            Tensor part = loss(_tape, new ExampleBatch(batch), 1f / tokens);
            value += part.Data[0];
            if (!double.IsFinite(value))
                throw NotFinite(step, "the loss", student.Parameters.FirstNonFinite());
            _tape.Backward(part);
        }

        double norm = GradientClipping.Clip(student.Parameters, options.MaxGradNorm);
        if (!double.IsFinite(norm))
            throw NotFinite(step, "the gradient", student.Parameters.FirstNonFiniteGradient());

        double rate = _schedule.At(step);
        optimizer.Step((float)rate);
        return new TrainingStep(step, value, norm, rate, source.Ledger.Tokens);
    }

    static TrainingException NotFinite(int step, string what, string? tensor) => new(
        $"step {step}: {what} is not finite" + (tensor is null ? "; all weights still are." : $"; the first bad tensor is '{tensor}'.")
        + " Lower learning_rate or max_grad_norm, and start from the last checkpoint.", step);
}
