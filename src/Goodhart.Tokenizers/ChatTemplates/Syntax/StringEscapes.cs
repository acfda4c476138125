using System.Globalization;
using System.Text;

namespace Goodhart.Tokenizers.ChatTemplates.Syntax;

/// <summary>The escapes of Python's strings; one that is none stays as it is written.</summary>
static class StringEscapes
{
    public static string Resolve(string written, Func<string, TokenizerException> error)
    {
        if (!written.Contains('\\', StringComparison.Ordinal))
            return written;

        StringBuilder text = new(written.Length);
        for (int i = 0; i < written.Length; i++)
        {
            if (written[i] != '\\')
            {
                text.Append(written[i]);
                continue;
            }

            char escape = written[++i];
            int digits = escape switch { 'x' => 2, 'u' => 4, 'U' => 8, _ => 0 };
            if (digits == 0)
            {
                text.Append(Simple(escape));
                continue;
            }

            text.Append(Character(written, i + 1, digits) ?? throw error($"\\{escape} should have {digits} hexadecimal digits of a character."));
            i += digits;
        }

        return text.ToString();
    }

    static string Simple(char escape) => escape switch
    {
        'n' => "\n",
        't' => "\t",
        'r' => "\r",
        'b' => "\b",
        'f' => "\f",
        'v' => "\v",
        'a' => "\a",
        '0' => "\0",
        '\n' => "",
        '\\' or '\'' or '"' => $"{escape}",
        _ => $"\\{escape}",
    };

    static string? Character(string written, int from, int digits) =>
        from + digits <= written.Length
        && int.TryParse(written.AsSpan(from, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int c)
        && Rune.IsValid(c)
            ? new Rune(c).ToString()
            : null;
}
