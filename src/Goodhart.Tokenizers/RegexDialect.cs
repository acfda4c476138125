using System.Text;

namespace Goodhart.Tokenizers;

/// <summary>Writes a pattern of tokenizer files, which mean Oniguruma's dialect, for .NET, or refuses what .NET reads otherwise.</summary>
static class RegexDialect
{
    const string Word = @"\p{L}\p{M}\p{Nd}\p{Pc}"; // what \w is there; .NET's has fewer marks

    public static string Translate(string pattern, string where)
    {
        StringBuilder translated = new(pattern.Length);
        bool isInClass = false;
        for (int i = 0; i < pattern.Length; i++)
        {
            char c = pattern[i];
            if (c == '\\' && i + 1 < pattern.Length)
            {
                translated.Append(Escape(pattern[++i], isInClass) ?? throw Unsupported($"\\{pattern[i]}"));
                continue;
            }

            bool beginsClass = c == '[' && !isInClass;
            if (isInClass && c == '[')
                throw Unsupported("a class within a class");
            if (isInClass && pattern.AsSpan(i).StartsWith("&&"))
                throw Unsupported("&&");
            if (!isInClass && pattern.AsSpan(i).StartsWith("{,"))
                throw Unsupported("{,");
            if (char.IsSurrogate(c))
                throw Unsupported("a character beyond U+FFFF");

            isInClass = beginsClass || (isInClass && c != ']');
            translated.Append(c);
        }

        return translated.ToString();

        TokenizerException Unsupported(string sign) => new($"{where}: '{sign}' in a pattern is not supported, got {pattern}");
    }

    static string? Escape(char c, bool isInClass) => c switch
    {
        'w' => isInClass ? Word : $"[{Word}]",
        'W' => isInClass ? null : $"[^{Word}]",
        'b' or 'B' => null,
        _ => $"\\{c}",
    };
}
