using Goodhart.Lab.Experiments;
using Spectre.Console;

namespace Goodhart.Cli.Rendering;

public class LabBoardTests
{
    readonly ManualTime _time = new();
    readonly LabBoard _board;

    public LabBoardTests() => _board = new LabBoard(["oracle", "offline", "offline-student"], () => "Ctrl-C stops and keeps what is done.", _time);

    [Theory]
    [InlineData(30)]
    [InlineData(40)]
    [InlineData(60)]
    [InlineData(80)]
    [InlineData(200)]
    public void No_line_reaches_the_end_of_the_terminal(int width)
    {
        _board.Report(new LabProgress("oracle", 10_000, 10_000));
        _board.Report(new LabProgress("offline", 0, 1_000_000, 0, null, 2, 3));
        _time.Pass(5);
        _board.Report(new LabProgress("offline", 999_999, 1_000_000, 123_456_789, 11.5, 12.25, 13.75));

        string[] lines = Lines(width);
        Assert.Equal(5, lines.Length);
        Assert.All(lines, line => Assert.True(line.Length < width, line));
    }

    [Fact]
    public void A_stage_shows_how_far_it_is_and_how_long_it_takes()
    {
        _board.Report(new LabProgress("oracle", 64, 64));
        _board.Report(new LabProgress("offline", 0, 100, 0, null, 0.5, 0.25));
        _time.Pass(4);
        _board.Report(new LabProgress("offline", 40, 100, 8000, 0.125, 0.5, 0.25));

        string[] lines = Lines(80);
        Assert.StartsWith("\u2713 oracle", lines[1]);
        Assert.Matches("offline +\u2501+\u2578?\u2500+ +40/100 +2.0k +0:06 +0.125 +0.500 +0.250", lines[2]);
        Assert.StartsWith("  offline-student \u2500", lines[3]);
        Assert.StartsWith("  0:04 Ctrl-C", lines[4]);
    }

    [Fact]
    public void A_golden_that_has_risen_has_an_arrow()
    {
        _board.Report(new LabProgress("offline", 1, 100, 0, 1, 1, 0.5));
        Assert.DoesNotContain("\u2191", string.Concat(Lines(80)));

        _board.Report(new LabProgress("offline", 50, 100, 0, 1, 0.9, 0.6));
        Assert.Contains("0.600\u2191", Lines(80)[2]);
    }

    string[] Lines(int width)
    {
        using StringWriter writer = new();
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, Out = new AnsiConsoleOutput(writer) });
        console.Profile.Width = width;
        console.Write(_board.Render(width));
        return writer.ToString().TrimEnd('\n').Split('\n');
    }
}
