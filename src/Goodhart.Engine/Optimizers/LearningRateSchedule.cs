namespace Goodhart.Engine.Optimizers;

/// <summary>The shape of the learning rate over a run (lr_scheduler_type).</summary>
public enum ScheduleKind
{
    /// <summary>Warm-up, then the peak to the end.</summary>
    Constant,

    /// <summary>Warm-up, then a straight line to the floor.</summary>
    Linear,

    /// <summary>Warm-up, then half a cosine to the floor (Loshchilov and Hutter 2017).</summary>
    Cosine,

    /// <summary>Warm-up, the peak, and a straight line to the floor over the last <see cref="LearningRateSchedule.DecaySteps"/> (Hu et al. 2024).</summary>
    WarmupStableDecay,
}

/// <summary>The learning rate of each step: a pure function.</summary>
/// <param name="Kind">Its shape.</param>
/// <param name="Peak">learning_rate.</param>
/// <param name="TotalSteps">max_steps.</param>
/// <param name="WarmupSteps">Steps of a straight line from 0 to the peak.</param>
public sealed record LearningRateSchedule(ScheduleKind Kind, double Peak, int TotalSteps, int WarmupSteps = 0)
{
    /// <summary>Steps of the final decay; only for <see cref="ScheduleKind.WarmupStableDecay"/>. Default: a tenth of the run.</summary>
    public int DecaySteps { get; init; } = Math.Max(1, TotalSteps / 10);

    /// <summary>Where the decay ends. Default 0.</summary>
    public double Floor { get; init; }

    /// <summary>The rate of a step, counted from 1; step 1 of a warm-up is 1 / WarmupSteps of the peak.</summary>
    public double At(int step)
    {
        if (step <= WarmupSteps)
            return Peak * step / WarmupSteps;

        double share = Kind switch
        {
            ScheduleKind.Constant => 0,
            ScheduleKind.WarmupStableDecay => Progress(step, TotalSteps - DecaySteps),
            _ => Progress(step, WarmupSteps),
        };
        double fallen = Kind == ScheduleKind.Cosine ? (1 - Math.Cos(Math.PI * share)) / 2 : share;
        return Peak + (Floor - Peak) * fallen;
    }

    /// <summary>How far the decay that starts after step <paramref name="from"/> has come, 0 to 1; 1 at the last step.</summary>
    double Progress(int step, int from) => Math.Clamp((step - from) / (double)Math.Max(1, TotalSteps - from), 0, 1);
}
