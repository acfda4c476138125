using Goodhart.Engine.Autograd;
using Goodhart.Engine.Optimizers;
using Goodhart.Engine.Tensors;
using Goodhart.Engine.Threading;
using Goodhart.Models.Architectures.Llama;

namespace Goodhart.Distillation.Recipes;

/// <summary>The part of a step that every recipe shares: backward pass, guard, clipping and update.</summary>
sealed class StudentUpdate(LlamaModel student, TrainingOptions options, Workers workers)
{
    readonly AdamW _optimizer = new(student.Parameters, workers, new AdamWOptions { WeightDecay = (float)options.WeightDecay });
    readonly LearningRateSchedule _schedule = options.Schedule;

    /// <summary>Forgets the gradients of the last step; before the forward pass, since some losses add to them there.</summary>
    public void Begin() => student.Parameters.ZeroGradients();

    /// <summary>Moves the student against the gradient of <paramref name="loss"/>.</summary>
    /// <exception cref="TrainingException">The loss or a gradient is not finite; the weights are left as they were.</exception>
    public TrainingStep Apply(Tape tape, Tensor loss, int step, long tokens)
    {
        double value = loss.Data[0];
        if (!double.IsFinite(value))
            throw NotFinite(step, "the loss", student.Parameters.FirstNonFinite());

        tape.Backward(loss);
        double norm = GradientClipping.Clip(student.Parameters, options.MaxGradNorm);
        if (!double.IsFinite(norm))
            throw NotFinite(step, "the gradient", student.Parameters.FirstNonFiniteGradient());

        double rate = _schedule.At(step);
        _optimizer.Step((float)rate);
        return new TrainingStep(step, value, norm, rate, tokens);
    }

    static TrainingException NotFinite(int step, string what, string? tensor) => new(
        $"step {step}: {what} is not finite" + (tensor is null ? "; all weights still are." : $"; the first bad tensor is '{tensor}'.")
        + " Lower learning_rate or max_grad_norm, and start from the last checkpoint.", step);
}
