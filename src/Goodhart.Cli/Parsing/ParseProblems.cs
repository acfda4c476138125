using System.CommandLine;
using Goodhart.Models.Checkpoints;

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
        Option[] missing = [.. command.Options.Where(option => option.Required && given.GetResult(option) is null or { Implicit: true })];
        return
        [
            .. unknown.Select(token => UnknownOption(token, command)),
            .. unknown.Length > 0 ? [] : unmatched.Select(token => $"'{token}' belongs to no option. Quote a text that has spaces."),
            .. missing
                .Where(option => !unknown.Any(token => NearestOption(token, command) == option.Name))
                .Select(option => $"{option.Name} {option.HelpName} is required. {option.Description}"),
            .. given.Errors.Select(error => error.Message)
                .Where(message => !unmatched.Concat(missing.Select(option => option.Name)).Any(name => message.Contains($"'{name}'"))),
        ];
    }

    /// <summary>Whether this looks like an option rather than a value; negative numbers are values.</summary>
    public static bool IsOption(string token) => token.Length > 1 && token[0] == '-' && !char.IsAsciiDigit(token[1]);

    /// <summary>The line about an option that a verb does not have.</summary>
    public static string UnknownOption(string token, Command command) =>
        $"unknown option '{NameOf(token)}'. " + (NearestOption(token, command) is string nearest
            ? $"Did you mean '{nearest}'?"
            : $"See 'goodhart {command.Name} --help'.");

    static string? NearestOption(string token, Command command) =>
        NearestName.Find(NameOf(token), command.Options.Where(option => !option.Hidden).Select(option => option.Name));

    static string NameOf(string token) => token.Split('=')[0];

    static string UnknownVerb(string token, Command root) =>
        $"unknown {(IsOption(token) ? "option" : "verb")} '{token}'. " + (NearestName.Find(token, root.Subcommands.Select(verb => verb.Name)) is string nearest
            ? $"Did you mean '{nearest}'?"
            : $"The verbs are {Verbs(root)}.");

    static string Verbs(Command root) => string.Join(", ", root.Subcommands.Select(verb => verb.Name));
}
