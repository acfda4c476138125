namespace Goodhart.Tokenizers.Normalizers;

/// <summary>Bounds how much longer rewriting may make a text, so that no file can ask for more memory than there is.</summary>
/// <remarks>Of the Unicode forms, one character grows to 18 at most.</remarks>
static class Growth
{
    const int Most = 32;
    const int Always = 4096;

    public static void Check(int before, long after)
    {
        if (after > ((long)Most * before) + Always)
            throw new TokenizerException(
                $"The tokenizer's files ask to rewrite {before} characters as {after}; at most {Most} for one are supported.");
    }
}
