namespace Goodhart.Detection.Verdicts;

/// <summary>What a curve shows.</summary>
public enum VerdictKind
{
    /// <summary>Too few evaluations, or too short a stretch of training, to say anything.</summary>
    NotEnoughEvidence,

    /// <summary>Nothing rose beyond what the rule allows, and training still changes something.</summary>
    Healthy,

    /// <summary>The distances no longer change.</summary>
    Converged,

    /// <summary>The held-out distance to the teacher rose: training samples are being learnt by heart.</summary>
    Overfitting,

    /// <summary>The distance to the truth rose while the held-out distance to the teacher did not.</summary>
    Hacking,
}
