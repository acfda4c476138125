using System.Reflection;

namespace Goodhart.Cli.Commands;

public class HelpTests
{
    /// <summary>Help/goodhart.txt and one for each verb.</summary>
    public static TheoryData<string> Texts => ["goodhart", .. Verbs];

    public static TheoryData<string> Verbs => [.. CommandRun.Of("--help").Out.Split('\n')
        .SkipWhile(line => line != "Commands:").Skip(1).TakeWhile(line => line.Length > 0)
        .Where(line => line[2] != ' ').Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[0])];

    [Theory]
    [MemberData(nameof(Texts))]
    public void The_help_of_a_verb_is_the_stored_text(string verb)
    {
        string[] args = verb == "goodhart" ? ["--help"] : [verb, "--help"];

        CommandRun help = CommandRun.Of(args);

        Assert.Equal(ExitCode.Done, help.ExitCode);
        Assert.True(Stored(verb) == help.Out,
            $"The help has changed. If that is meant: goodhart {string.Join(' ', args)} > tests/Goodhart.Cli.Tests/Help/{verb}.txt\n{help.Out}");
    }

    [Theory]
    [MemberData(nameof(Verbs))]
    public void Each_verb_has_two_examples_that_use_it(string verb)
    {
        string[] examples = [.. Stored(verb).Split('\n').Where(line => line.StartsWith($"  goodhart {verb} ", StringComparison.Ordinal))];

        Assert.True(examples.Length - 1 >= 2, "One line is the usage, and two are examples.");
    }

    [Theory]
    [MemberData(nameof(Texts))]
    public void No_line_of_help_wraps_at_80_columns(string verb) =>
        Assert.All(Stored(verb).Split('\n'), line => Assert.True(line.Length <= 80 && !line.EndsWith(' '), line));

    [Fact]
    public void Without_arguments_there_is_the_help_of_goodhart() => Assert.Equal(Stored("goodhart"), CommandRun.Of().Out);

    [Fact]
    public void The_version_has_three_numbers() => Assert.Matches(@"^goodhart \d+\.\d+\.\d+\n$", CommandRun.Of("--version").Out);

    [Fact]
    public void Help_wins_over_mistakes() => Assert.Equal(ExitCode.Done, CommandRun.Of("generate", "--modle", "x", "--help").ExitCode);

    static string Stored(string verb)
    {
        Assembly tests = typeof(HelpTests).Assembly;
        string name = tests.GetManifestResourceNames().Single(resource => resource.EndsWith($".{verb}.txt", StringComparison.Ordinal));
        using StreamReader reader = new(tests.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }
}
