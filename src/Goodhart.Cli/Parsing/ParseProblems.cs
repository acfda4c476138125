using System.CommandLine;
using Goodhart.Lab.Configuration;

namespace Goodhart.Cli.Parsing;

/// <summary>What is wrong with a command line, in words that help.</summary>
static class ParseProblems
{
    /// <summary>One line each.</summary>
    public static IReadOnlyList<string> Of(ParseResult given)
    {
        Command command = given.CommandResult.Command;
        string[] unmatched = [.. given.UnmatchedTokens];
        if (command is not Verb)
            return [unmatched.Length == 0 ? $"name a verb: {Verbs(command)}." : UnknownVerb(unmatched[0], command)];

        // A value behind an unknown option is unmatched, too, and no problem of its own.
        string[] unknown = [.. unmatched.Where(IsOption)];
        return
        [
            .. unknown.Select(token => UnknownOption(token, command)),
            .. unknown.Length > 0 ? [] : unmatched.Select(token => $"'{token}' belongs to no option. Quote a text that has spaces."),
            .. given.Errors.Select(error => error.Message).Where(message => !unmatched.Any(token => message.Contains($"'{token}'"))),
        ];
    }

    /// <summary>Whether this looks like an option rather than a value; negative numbers are values.</summary>
    public static bool IsOption(string token) => token.Length > 1 && token[0] == '-' && !char.IsAsciiDigit(token[1]);

    /// <summary>The line about an option that a verb does not have.</summary>
    public static string UnknownOption(string token, Command command)
    {
        string name = token.Split('=')[0];
        IEnumerable<string> known = command.Options.Where(option => !option.Hidden).Select(option => option.Name);
        return $"unknown option '{name}'. " + (NearestName.Find(name, known) is string nearest
            ? $"Did you mean '{nearest}'?"
            : $"See 'goodhart {command.Name} --help'.");
    }

    static string UnknownVerb(string token, Command root) =>
        $"unknown {(IsOption(token) ? "option" : "verb")} '{token}'. " + (NearestName.Find(token, root.Subcommands.Select(verb => verb.Name)) is string nearest
            ? $"Did you mean '{nearest}'?"
            : $"The verbs are {Verbs(root)}.");

    static string Verbs(Command root) => string.Join(", ", root.Subcommands.Select(verb => verb.Name));
}
