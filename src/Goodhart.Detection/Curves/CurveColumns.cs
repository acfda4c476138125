namespace Goodhart.Detection.Curves;

/// <summary>Which column (CSV) or key (JSON lines) of a log holds what.</summary>
/// <remarks>A standard error is looked for under the name of its distance followed by <c>_stderr</c>.</remarks>
public sealed record CurveColumns
{
    /// <summary>The training step. Default: step.</summary>
    public string Step { get; init; } = "step";

    /// <summary>
    /// The held-out distance to the teacher. Default null: the first of proxy/forward_kl_per_token, proxy,
    /// eval_loss that occurs.
    /// </summary>
    public string? Proxy { get; init; }

    /// <summary>
    /// The held-out distance to the oracle. Default null: the first of golden/forward_kl_per_token, golden that
    /// occurs; without either, the curve has none.
    /// </summary>
    public string? Golden { get; init; }

    /// <summary>
    /// The distance to the teacher on training samples. Default null: the first of
    /// proxy_train/forward_kl_per_token, proxy_train that occurs; without either, the curve has none.
    /// </summary>
    public string? Train { get; init; }

    internal string[] ProxyNames => Proxy is null ? ["proxy/forward_kl_per_token", "proxy", "eval_loss"] : [Proxy];

    internal string[] GoldenNames => Golden is null ? ["golden/forward_kl_per_token", "golden"] : [Golden];

    internal string[] TrainNames => Train is null ? ["proxy_train/forward_kl_per_token", "proxy_train"] : [Train];
}
