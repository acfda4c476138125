using Spectre.Console;

namespace Goodhart.Cli.Rendering;

/// <summary>What a verdict looks like: words, a colour, and a shape that needs no colour.</summary>
/// <param name="Words">The verdict in words.</param>
/// <param name="Shape">Triangle: hacking. Diamond: overfitting. Disc: healthy or converged. Ring: not enough evidence.</param>
/// <param name="Style">Its colour.</param>
sealed record VerdictMark(string Words, string Shape, Style Style)
{
    /// <param name="name">As in summary.json: <c>not_enough_evidence</c>.</param>
    public static VerdictMark Of(string name)
    {
        (string shape, Color color) = name switch
        {
            "hacking" => ("\u25b2", Color.Red),
            "overfitting" => ("\u25c6", Color.Yellow),
            "healthy" or "converged" => ("\u25cf", Color.Green),
            _ => ("\u25cb", Color.Default),
        };
        return new VerdictMark(name.Replace('_', ' '), shape, new Style(color));
    }
}
