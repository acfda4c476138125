using Goodhart.Distillation.Data;
using Goodhart.Distillation.Evaluation;
using Goodhart.Distillation.Losses;
using Goodhart.Distillation.Teachers;
using Goodhart.Engine.Autograd;
using Goodhart.Engine.Optimizers;
using Goodhart.Engine.Tensors;
using Goodhart.Engine.Threading;
using Goodhart.Models;

namespace Goodhart.Distillation.Recipes;

/// <summary>Distillation: the student's next-token distributions are drawn towards the teacher's at every completion token.</summary>
public static class LogitDistillation
{
    /// <summary>Trains the student on examples of the source.</summary>
    /// <param name="student">Trainable; changed in place.</param>
    /// <param name="teacher">Of the same vocabulary.</param>
    /// <param name="source">Where the examples come from; who wrote them does not matter here.</param>
    /// <param name="distance">What is minimised.</param>
    /// <param name="options">How to optimise.</param>
    /// <param name="workers">The threads to use.</param>
    /// <param name="onStep">Called after each step; says whether to go on.</param>
    /// <param name="optimizer">The optimizer of these parameters; training goes on after the last step that it took. Default: one that has taken none.</param>
    /// <exception cref="TrainingException">The loss or a gradient is not finite.</exception>
    public static void Run(
        ICausalLm student, ITeacher teacher, IExampleSource source, DistillationLoss distance, TrainingOptions options, Workers workers,
        Func<TrainingStep, RunDecision> onStep,
        AdamW? optimizer = null)
    {
        optimizer ??= options.Optimizer(student.Parameters, workers);
        StudentUpdate update = new(student, optimizer, options, workers);
        for (int step = optimizer.Steps + 1; step <= options.MaxSteps; step++)
        {
            if (onStep(update.Apply(step, source, (tape, batch, weight) => Loss(tape, student, teacher, distance, batch, weight))) == RunDecision.Stop)
                return;
        }
    }

    /// <summary>Weight times the sum over a batch's completion tokens: [1, 1].</summary>
    internal static Tensor Loss(Tape tape, ICausalLm student, ITeacher teacher, DistillationLoss distance, ExampleBatch batch, float weight)
    {
        Projection own = Scoring.Completions(tape, student, batch);                                // [completion tokens, V]
        Projection? expected = distance.NeedsTeacher ? teacher.Project(batch) : null;
        if (expected is Projection other && other.Shape.Columns != own.Shape.Columns)
            throw DifferentVocabularies(other.Shape.Columns, own.Shape.Columns);
        return distance.Sum(tape, own, expected, batch.Targets, weight);
    }

    static ArgumentException DifferentVocabularies(int teacher, int student) => new(
        $"LogitDistillation: the teacher's vocabulary has {teacher} tokens and the student's {student}; they are compared token by token. Use models of one tokenizer.");
}
