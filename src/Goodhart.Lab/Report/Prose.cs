namespace Goodhart.Lab.Report;

/// <summary>Names as people write them: <c>not_enough_evidence</c> is not enough evidence.</summary>
static class Prose
{
    public static string Of(string name) => name.Replace('_', ' ').Replace('-', ' ');
}
