namespace Goodhart.Distillation.Recipes;

/// <summary>What one optimizer step did.</summary>
/// <param name="Step">Counted from 1.</param>
/// <param name="Loss">Mean over the completion tokens of the step, nats.</param>
/// <param name="GradNorm">Before clipping.</param>
/// <param name="LearningRate">Of this step.</param>
/// <param name="Tokens">Completion tokens drawn from the source so far.</param>
public readonly record struct TrainingStep(int Step, double Loss, double GradNorm, double LearningRate, long Tokens);

/// <summary>What the caller wants after a step.</summary>
public enum RunDecision
{
    /// <summary>Go on.</summary>
    Continue,

    /// <summary>End here, keeping the weights as they are.</summary>
    Stop,
}

/// <summary>A guard stopped training: the message names the step, the tensor and what to do.</summary>
/// <param name="message">For the user.</param>
/// <param name="step">The step that went wrong; weights are those of the step before.</param>
public sealed class TrainingException(string message, int step) : Exception(message)
{
    /// <summary>The step that went wrong.</summary>
    public int Step { get; } = step;
}
