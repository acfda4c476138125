using System.Text;
using Goodhart.Tokenizers.ChatTemplates.Values;

namespace Goodhart.Tokenizers.ChatTemplates.Functions;

/// <summary>The methods of Python's texts.</summary>
static class StringMethods
{
    /// <summary>Each method looks at all of the text, and is charged for that before it is called.</summary>
    public static Callable? Find(string text, string name) => Method(Budget.Charged(text), name);

    static Callable? Method(string text, string name) => name switch
    {
        "strip" => arguments => Strip(text, arguments),
        "lstrip" => arguments => Budget.Charged(text.TrimStart(Characters(arguments))),
        "rstrip" => arguments => Budget.Charged(text.TrimEnd(Characters(arguments))),
        "upper" => Plain(() => text.ToUpperInvariant()),
        "lower" => Plain(() => text.ToLowerInvariant()),
        "title" => Plain(() => Title(text)),
        "capitalize" => Plain(() => Capitalize(text)),
        "startswith" => arguments => Prefixes(arguments.One("prefix")).Any(prefix => text.StartsWith(prefix, StringComparison.Ordinal)),
        "endswith" => arguments => Prefixes(arguments.One("suffix")).Any(suffix => text.EndsWith(suffix, StringComparison.Ordinal)),
        "removeprefix" => arguments => Text(arguments.One("prefix")) is string prefix && text.StartsWith(prefix, StringComparison.Ordinal)
            ? Budget.Charged(text[prefix.Length..])
            : text,
        "removesuffix" => arguments => Text(arguments.One("suffix")) is string suffix && text.EndsWith(suffix, StringComparison.Ordinal)
            ? Budget.Charged(text[..^suffix.Length])
            : text,
        "replace" => arguments => Replace(text, arguments),
        "split" => arguments => Split(text, arguments, fromEnd: false),
        "rsplit" => arguments => Split(text, arguments, fromEnd: true),
        "splitlines" => Plain(() => Budget.Charged(Lines(text))),
        "join" => arguments => Budget.Joined(text, [.. Value.Items(arguments.One("iterable")).Select(Text)]),
        "find" => arguments => IndexOf(text, text.IndexOf(Sought(text, arguments), StringComparison.Ordinal)),
        "rfind" => arguments => IndexOf(text, text.LastIndexOf(Sought(text, arguments), StringComparison.Ordinal)),
        "index" => arguments => text.IndexOf(Sought(text, arguments), StringComparison.Ordinal) is int at and >= 0
            ? IndexOf(text, at)
            : throw new Fault("the text that index looks for is not there."),
        "count" => arguments => Count(text, Text(arguments.One("sub"))),
        "isdigit" => Plain(() => text.Length > 0 && text.All(char.IsDigit)),
        "isnumeric" => Plain(() => text.Length > 0 && text.All(char.IsNumber)),
        "isalpha" => Plain(() => text.Length > 0 && text.All(char.IsLetter)),
        "isalnum" => Plain(() => text.Length > 0 && text.All(char.IsLetterOrDigit)),
        "isspace" => Plain(() => text.Length > 0 && text.All(char.IsWhiteSpace)),
        "isupper" => Plain(() => HasCase(text, char.IsUpper, char.IsLower)),
        "islower" => Plain(() => HasCase(text, char.IsLower, char.IsUpper)),
        _ => null,
    };

    public static string Strip(string text, Arguments arguments) => Budget.Charged(text.Trim(Characters(arguments)));

    public static string Replace(string text, Arguments arguments)
    {
        object?[] bound = arguments.Bind(2, "old", "new", "count");
        (string from, string to) = (Value.Text(bound[0]), Value.Text(bound[1]));
        long most = bound[2] is null or Undefined ? long.MaxValue : Number.Whole(bound[2], "count");
        if (from.Length == 0)
            throw new Fault("replace needs a text to look for.");

        long found = Math.Min(Count(text, from), most < 0 ? long.MaxValue : most);
        Budget.Charge(text.Length + (found * to.Length));
        StringBuilder replaced = new();
        int done = 0;
        for (; found > 0; found--)
        {
            int at = text.IndexOf(from, done, StringComparison.Ordinal);
            replaced.Append(text, done, at - done).Append(to);
            done = at + from.Length;
        }

        return replaced.Append(text, done, text.Length - done).ToString();
    }

    public static string Capitalize(string text) =>
        text.Length == 0 ? "" : char.ToUpperInvariant(text[0]) + text[1..].ToLowerInvariant();

    public static string Title(string text) =>
        string.Concat(text.Select((c, i) => i == 0 || !char.IsLetter(text[i - 1]) ? char.ToUpperInvariant(c) : char.ToLowerInvariant(c)));

    public static bool HasCase(string text, Func<char, bool> isWanted, Func<char, bool> isOther) =>
        text.Any(isWanted) && !text.Any(isOther);

    static Callable Plain(Func<object?> function) => arguments =>
    {
        arguments.None();
        return function();
    };

    static string Sought(string text, Arguments arguments)
    {
        string part = Text(arguments.One("sub"));
        Budget.ChargeSearch(text, part);
        return part;
    }

    static string Text(object? value) => value as string ?? throw new Fault($"a text is needed, got {Value.KindOf(value)}.");

    static IEnumerable<string> Prefixes(object? value) => value is List<object?> several ? several.Select(Text) : [Text(value)];

    /// <summary>The characters to strip; none means white space.</summary>
    static char[]? Characters(Arguments arguments) =>
        arguments.Bind(0, "chars")[0] is string characters ? characters.ToCharArray() : null;

    static List<object?> Split(string text, Arguments arguments, bool fromEnd)
    {
        object?[] bound = arguments.Bind(0, "sep", "maxsplit");
        long given = bound[1] is Undefined ? -1 : Number.Whole(bound[1], "maxsplit");
        int most = given is < 0 or >= int.MaxValue ? int.MaxValue : (int)given + 1;
        if (bound[0] is null or Undefined)
            return most == int.MaxValue
                ? Budget.Charged([.. text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)])
                : throw new Fault("split with maxsplit needs a separator.");

        string separator = Text(bound[0]) is { Length: > 0 } some ? some : throw new Fault("the separator of split should not be empty.");
        Budget.ChargeSearch(text, separator);
        List<object?> parts = [.. text.Split(separator, fromEnd ? int.MaxValue : most)];
        if (fromEnd && parts.Count > most)
            parts = [string.Join(separator, parts.Take(parts.Count - most + 1)), .. parts.TakeLast(most - 1)];
        return Budget.Charged(parts);
    }

    static List<object?> Lines(string text)
    {
        List<object?> lines = [.. text.ReplaceLineEndings("\n").Split('\n')];
        if (lines[^1] is "")
            lines.RemoveAt(lines.Count - 1);
        return lines;
    }

    static long Count(string text, string part)
    {
        if (part.Length == 0)
            throw new Fault("count needs a text to look for.");

        Budget.ChargeSearch(text, part);
        long count = 0;
        for (int at = 0; (at = text.IndexOf(part, at, StringComparison.Ordinal)) >= 0; at += part.Length)
            count++;
        return count;
    }

    /// <summary>Python counts characters, not halves of pairs.</summary>
    static long IndexOf(string text, int index) => index < 0 ? -1 : text[..index].EnumerateRunes().LongCount();
}
