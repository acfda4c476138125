namespace Goodhart.Distillation.Data.Files;

/// <summary>A prompt as its words: lower case, without punctuation.</summary>
static class PromptWords
{
    public static List<string> Of(string text)
    {
        List<string> words = [];
        int begin = -1;
        for (int i = 0; i <= text.Length; i++)
        {
            bool isWord = i < text.Length && (char.IsLetterOrDigit(text[i]) || char.IsSurrogate(text[i]));
            if (isWord && begin < 0)
                begin = i;
            if (isWord || begin < 0)
                continue;
            words.Add(text[begin..i].ToLowerInvariant());
            begin = -1;
        }

        return words;
    }
}
