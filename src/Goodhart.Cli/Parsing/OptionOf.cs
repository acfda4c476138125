using System.CommandLine;
using System.Globalization;
using System.Numerics;

namespace Goodhart.Cli.Parsing;

/// <summary>Options that several verbs share, and options whose values are checked while parsing.</summary>
static class OptionOf
{
    const int MostThreads = 1024;

    public static Option<string> Text(string name, string helpName, string description) =>
        new(name) { HelpName = helpName, Description = description };

    public static Option<bool> Flag(string name, string description) => new(name) { Description = description };

    /// <summary>A number inside bounds; the default is null, and the description says what that means.</summary>
    public static Option<T?> Number<T>(string name, string helpName, string description, T least, T? most = null) where T : struct, INumber<T> =>
        new(name)
        {
            HelpName = helpName,
            Description = description,
            CustomParser = given =>
            {
                string text = given.Tokens[0].Value;
                if (T.TryParse(text, CultureInfo.InvariantCulture, out T value) && value >= least && !(value > most))
                    return value;
                string bounds = most is null ? $" of at least {least}" : $" from {least} to {most}";
                given.AddError($"{name} should be a {Kind<T>()}{bounds}, got '{text}'.");
                return null;
            },
        };

    /// <summary>One word of a few.</summary>
    public static Option<string> Choice(string name, string helpName, string description, params string[] choices)
    {
        Option<string> option = Text(name, helpName, description);
        option.Validators.Add(given =>
        {
            if (given.Tokens is [var only] && !choices.Contains(only.Value))
                given.AddError($"{name} should be {string.Join(" or ", choices)}, got '{only.Value}'.");
        });
        return option;
    }

    public static Option<int?> Threads() =>
        Number("--threads", "N", "Threads to use; the results do not depend on it. [default: all cores]", 1, most: MostThreads);

    public static Option<bool> Overwrite() => Flag("--overwrite", "Replace what is there already.");

    public static int ThreadsOf(this ParseResult given, Option<int?> option) => given.GetValue(option) ?? Environment.ProcessorCount;

    static string Kind<T>() where T : INumber<T> => T.IsInteger(T.One / (T.One + T.One)) ? "whole number" : "number";
}
