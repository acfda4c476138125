using Goodhart.Distillation.Data;
using Goodhart.Distillation.Evaluation;
using Goodhart.Engine.Autograd;
using Goodhart.Engine.Tensors;
using Goodhart.Engine.Threading;
using Goodhart.Models.Architectures.Llama;

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
    /// <exception cref="TrainingException">The loss or a gradient is not finite.</exception>
    public static void Run(
        LlamaModel model, IExampleSource source, TrainingOptions options, Workers workers, Func<TrainingStep, RunDecision> onStep)
    {
        StudentUpdate update = new(model, options, workers);
        Tape tape = new(workers);
        long tokens = 0;
        for (int step = 1; step <= options.MaxSteps; step++)
        {
            ExampleBatch batch = new(source.Next(options.PerDeviceTrainBatchSize));
            tape.Reset();
            update.Begin();
            Tensor loss = tape.CrossEntropy(Scoring.Completions(tape, model, batch), batch.Targets, 1f / batch.Rows.Length);

            tokens += batch.Rows.Length;
            if (onStep(update.Apply(tape, loss, step, tokens)) == RunDecision.Stop)
                return;
        }
    }
}
