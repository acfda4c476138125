namespace Goodhart.Lab.Experiments;

/// <summary>How far a stage of the experiment has come.</summary>
/// <param name="Stage">Its name: oracle, teacher, student or an arm's.</param>
/// <param name="Done">Prompts drawn or steps taken.</param>
/// <param name="Total">How many there will be.</param>
/// <param name="Tokens">Tokens processed so far.</param>
/// <param name="Loss">Of the last step, nats per token.</param>
/// <param name="Proxy">At the last evaluation.</param>
/// <param name="Golden">At the last evaluation.</param>
public sealed record LabProgress(string Stage, int Done, int Total, long Tokens = 0, double? Loss = null, double? Proxy = null, double? Golden = null)
{
    /// <summary>Whether this was an evaluation.</summary>
    public bool IsEvaluation { get; init; }
}
