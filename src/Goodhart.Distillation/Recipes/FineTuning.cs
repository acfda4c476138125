using Goodhart.Distillation.Data;
using Goodhart.Distillation.Evaluation;
using Goodhart.Engine.Optimizers;
using Goodhart.Engine.Threading;
using Goodhart.Models;

namespace Goodhart.Distillation.Recipes;

/// <summary>Supervised fine-tuning: cross-entropy of the completion tokens.</summary>
public static class FineTuning
{
    /// <summary>Trains the model on examples of the source.</summary>
    /// <param name="model">Trainable; changed in place.</param>
    /// <param name="source">Where the examples come from.</param>
    /// <param name="options">How to optimise.</param>
    /// <param name="workers">The threads to use.</param>
    /// <param name="onStep">Called after each step; says whether to go on.</param>
    /// <param name="optimizer">The optimizer of these parameters; training goes on after the last step that it took. Default: one that has taken none.</param>
    /// <exception cref="TrainingException">The loss or a gradient is not finite.</exception>
    public static void Run(
        ICausalLm model, IExampleSource source, TrainingOptions options, Workers workers, Func<TrainingStep, RunDecision> onStep,
        AdamW? optimizer = null)
    {
        optimizer ??= options.Optimizer(model.Parameters, workers);
        StudentUpdate update = new(model, optimizer, options, workers);
        for (int step = optimizer.Steps + 1; step <= options.MaxSteps; step++)
        {
            TrainingStep done = update.Apply(step, source, (tape, batch, weight) =>
                tape.CrossEntropy(Scoring.Completions(tape, model, batch), batch.Targets, weight));
            if (onStep(done) == RunDecision.Stop)
                return;
        }
    }
}
