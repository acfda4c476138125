using System.CommandLine;
using System.CommandLine.Parsing;

namespace Goodhart.Cli.Parsing;

/// <summary>Settings among the arguments: <c>a.b=1</c>, <c>--a.b=1</c> and <c>--a.b 1</c> all mean the same.</summary>
static class SettingsArgument
{
    /// <param name="description">For the help.</param>
    /// <param name="anyKey">Whether <c>--key value</c> may be any setting, not only one of a section: the configuration says what is unknown.</param>
    public static Argument<string[]> Create(string description, bool anyKey = false) => new("key=value")
    {
        Arity = ArgumentArity.ZeroOrMore,
        Description = description,
        CustomParser = given => Parse(given, anyKey),
    };

    static string[] Parse(ArgumentResult given, bool anyKey)
    {
        List<string> settings = [];
        Queue<string> tokens = new(given.Tokens.Select(token => token.Value));
        while (tokens.TryDequeue(out string? token))
        {
            bool isSetting = anyKey || token.Split('=')[0].Contains('.');
            if (!ParseProblems.IsOption(token))
                settings.Add(token);
            else if (!isSetting)
                given.AddError(ParseProblems.UnknownOption(token, ((CommandResult)given.Parent!).Command));
            else if (token.Contains('='))
                settings.Add(token.TrimStart('-'));
            else if (tokens.TryDequeue(out string? value))
                settings.Add($"{token.TrimStart('-')}={value}");
            else
                given.AddError($"{token} needs a value.");
        }

        return [.. settings];
    }
}
