using System.Diagnostics;
using Goodhart.Distillation.Data;
using Goodhart.Distillation.Losses;
using Goodhart.Distillation.Recipes;
using Goodhart.Distillation.Teachers;
using Goodhart.Engine.Autograd;
using Goodhart.Engine.Threading;
using Goodhart.Models;

namespace Goodhart.Lab.Distilling;

/// <summary>What a run will take, measured on one batch of the greatest length.</summary>
/// <param name="PeakBytes">Weights, gradients, optimizer state and intermediates together.</param>
/// <param name="TrainingTime">Of all steps; writing completions and evaluation come on top.</param>
public sealed record Prediction(long PeakBytes, TimeSpan TrainingTime)
{
    /// <summary>Weight, gradient and two moments of the student.</summary>
    const int StudentBytes = 16;

    /// <summary>Weight, and its copy laid out for multiplication.</summary>
    const int FrozenBytes = 8;

    /// <summary>The runtime, and what is read and written.</summary>
    const long Fixed = 128L << 20;

    /// <summary>Runs one batch forward and backward on a copy of the student.</summary>
    /// <param name="student">The student.</param>
    /// <param name="teacher">The teacher.</param>
    /// <param name="oracleWeights">Weights of the oracle; 0 without one.</param>
    /// <param name="loss">As in training.</param>
    /// <param name="options">As in training.</param>
    /// <param name="examples">As in training; the longest are tried.</param>
    /// <param name="workers">The threads to use.</param>
    public static Prediction Of(
        ICausalLm student, ICausalLm teacher, long oracleWeights, DistillationLoss loss, TrainingOptions options, IReadOnlyList<Example> examples, Workers workers)
    {
        Example[] longest = [.. examples.OrderByDescending(example => example.Ids.Length).Take(options.PerDeviceTrainBatchSize)];
        Tape tape = new(workers) { GradientCheckpointing = options.GradientCheckpointing };
        LiveTeacher asked = new(teacher, workers);
        ICausalLm copy = student.Copy(trainable: true);
        LossGradient.Of(tape, copy, asked, loss, longest, longest.Length);    // Once to warm up.
        long started = Stopwatch.GetTimestamp();
        LossGradient.Of(tape, copy, asked, loss, longest, longest.Length);
        TimeSpan step = Stopwatch.GetElapsedTime(started) * options.GradientAccumulationSteps;
        return new Prediction(
            student.Parameters.Count * StudentBytes + (teacher.Parameters.Count + oracleWeights) * FrozenBytes + tape.PeakActivationBytes + tape.GradientBytes + Fixed,
            step * options.MaxSteps);
    }
}
