using System.Text;

namespace Goodhart.Tokenizers.Normalizers;

/// <summary>Puts a fixed text in place of every match.</summary>
sealed class ReplaceNormalizer(TextPattern pattern, string content) : INormalizer
{
    public string Normalize(string text)
    {
        List<(int Start, int End)> matches = pattern.Matches(text);
        Growth.Check(text.Length, text.Length + ((long)matches.Count * content.Length));
        StringBuilder? replaced = null;
        int done = 0;
        foreach ((int start, int end) in matches)
        {
            replaced ??= new StringBuilder(text.Length);
            replaced.Append(text, done, start - done).Append(content);
            done = end;
        }

        return replaced is null ? text : replaced.Append(text, done, text.Length - done).ToString();
    }
}
