using Goodhart.Lab.Experiments;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Goodhart.Cli.Rendering;

/// <summary>Every stage of the lab in a line of its own, never wider than the terminal.</summary>
/// <param name="stages">In the order in which they run.</param>
/// <param name="footer">What to say below, as of now.</param>
/// <param name="time">The clock.</param>
sealed class LabBoard(IReadOnlyList<string> stages, Func<string> footer, TimeProvider time) : IProgress<LabProgress>
{
    const int NarrowestBar = 6, WidestBar = 32;

    /// <summary>Room for the ^C that the terminal writes: a wrapped line would spoil the table.</summary>
    const int Margin = 3;

    const string Spinner = "\u280b\u2819\u2839\u2838\u283c\u2834\u2826\u2827\u2807\u280f";

    static readonly Style Dim = new(decoration: Decoration.Dim);

    readonly StageState[] _stages = [.. stages.Select(name => new StageState(name, time))];
    readonly Lock _lock = new();
    readonly long _started = time.GetTimestamp();

    /// <summary>Remembers it; nothing is written before the next <see cref="Render"/>.</summary>
    public void Report(LabProgress value)
    {
        lock (_lock)
            _stages.First(stage => stage.Name == value.Stage).Report(value);
    }

    /// <summary>As of now.</summary>
    public IRenderable Render(int width)
    {
        lock (_lock)
        {
            List<Column> columns = [.. Columns()];
            int names = _stages.Max(stage => stage.Name.Length);
            int Bar() => width - Margin - (2 + names) - columns.Sum(column => column.Width + 1) - 1;

            // What a narrow terminal has no room for goes from the least telling on.
            while (Bar() < NarrowestBar && columns.Count > 0)
                columns.Remove(columns.MaxBy(column => column.Rank)!);

            int bar = Math.Clamp(Bar(), 0, WidestBar);
            StageState? current = _stages.FirstOrDefault(stage => !stage.IsFinished);
            string below = $"  {Figures.Duration(time.GetElapsedTime(_started))} {(current is null ? "" : footer())}";
            return new Rows(
            [
                Header(names, bar, columns),
                .. _stages.Select(stage => Line(stage, stage == current, names, bar, columns)),
                new Text(below[..Math.Min(below.Length, width - Margin)], Dim),
            ]);
        }
    }

    static Paragraph Header(int names, int bar, List<Column> columns)
    {
        string titles = string.Concat(columns.Select(column => " " + column.Title.PadLeft(column.Width)));
        return new Paragraph(new string(' ', 2 + names + 1 + bar) + titles, Dim);
    }

    Paragraph Line(StageState stage, bool isCurrent, int names, int bar, List<Column> columns)
    {
        Style state = stage.IsFinished ? new Style(Color.Green) : isCurrent ? new Style(Color.Aqua) : Dim;
        string mark = stage.IsFinished ? "\u2713" : isCurrent ? Spinner[Frame].ToString() : " ";
        double cells = stage.Fraction * bar;
        int full = (int)cells;
        string half = full < bar && cells - full >= 0.5 ? "\u2578" : "";
        Paragraph line = new Paragraph($"{mark} ", state)
            .Append(stage.Name.PadRight(names) + " ", isCurrent ? new Style(decoration: Decoration.Bold) : stage.IsFinished ? Style.Plain : Dim)
            .Append(new string('\u2501', full) + half, state)
            .Append(new string('\u2500', bar - full - half.Length), Dim);
        foreach (Column column in columns)
        {
            (string text, Style style) = column.Cell(stage);
            line.Append(" " + text.PadLeft(column.Width), style);
        }

        return line;
    }

    int Frame => (int)(time.GetElapsedTime(_started).TotalSeconds * 8) % Spinner.Length;

    IEnumerable<Column> Columns()
    {
        yield return Of("step", 9, 0, stage => stage.Last is { } last ? $"{last.Done}/{last.Total}" : "");
        yield return Of("tok/s", 6, 5, stage => Optional(stage.TokensPerSecond, Figures.Rate));
        yield return Of("left", 5, 4, stage => stage.Left is { } left ? Figures.Duration(left) : "");
        yield return Of("loss", 6, 3, stage => Optional(stage.Last?.Loss, Figures.Nats));
        yield return Of("proxy", 6, 2, stage => Optional(stage.Last?.Proxy, Figures.Nats));
        yield return new Column("golden", 7, 1, stage => (
            Optional(stage.Last?.Golden, Figures.Nats) + (stage.IsGoldenRisen ? "\u2191" : stage.Last?.Golden is null ? "" : " "),
            stage.IsGoldenRisen ? new Style(Color.Red) : Style.Plain));

        Column Of(string title, int least, int rank, Func<StageState, string> text) =>
            new(title, Math.Max(least, _stages.Max(stage => text(stage).Length)), rank, stage => (text(stage), Style.Plain));

        static string Optional(double? value, Func<double?, string> format) => value is null ? "" : format(value);
    }

    /// <param name="Title">Above it.</param>
    /// <param name="Width">Of its widest cell.</param>
    /// <param name="Rank">The greater, the sooner it goes.</param>
    /// <param name="Cell">What to say of a stage.</param>
    sealed record Column(string Title, int Width, int Rank, Func<StageState, (string Text, Style Style)> Cell);
}
