namespace Goodhart.Lab.Report;

/// <summary>A table whose numbers line up; it scrolls sideways where the page is narrow.</summary>
static class Table
{
    /// <param name="columns">Headings; all but the first <paramref name="textColumns"/> hold numbers.</param>
    /// <param name="textColumns">How many columns hold words.</param>
    /// <param name="rows">Cells in the order of the columns.</param>
    /// <param name="groups">Headings above the headings and how many columns each spans, or null.</param>
    public static Markup Render(
        IReadOnlyList<string> columns,
        int textColumns,
        IEnumerable<IReadOnlyList<Markup>> rows,
        IReadOnlyList<(string Name, int Span)>? groups = null)
    {
        Markup above = groups is null ? Markup.Empty : Markup.Of(
            $"<tr class=\"groups\">{Markup.Join(groups.Select(group => Markup.Of($"<th colspan=\"{group.Span}\"{(group.Name.Length > 0 ? Named : Markup.Empty)}>{group.Name}</th>")))}</tr>\n");
        Markup heads = Markup.Join(columns.Select((name, i) => Cell("th", i < textColumns, Markup.Of($"{name}"))));
        Markup body = Markup.Join(rows.Select(row => Markup.Of(
            $"<tr>{Markup.Join(row.Select((cell, i) => Cell("td", i < textColumns, cell)))}</tr>\n")));
        return Markup.Of($"""
            <div class="scroll"><table>
            <thead>
            {above}<tr>{heads}</tr>
            </thead>
            <tbody>
            {body}</tbody>
            </table></div>

            """);
    }

    static readonly Markup Named = new(" class=\"named\"");

    static Markup Cell(string tag, bool isText, Markup content) =>
        new($"<{tag}{(isText ? "" : " class=\"n\"")}>{content.Text}</{tag}>");
}
