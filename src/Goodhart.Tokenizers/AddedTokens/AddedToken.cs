namespace Goodhart.Tokenizers.AddedTokens;

/// <summary>A token that is found in the text as a whole, before anything else is done.</summary>
/// <param name="Id">Its id, which may also be that of a token of the model.</param>
/// <param name="Content">What it looks like in the text.</param>
/// <param name="IsSpecial">Whether decoding leaves it out on request.</param>
/// <param name="IsSingleWord">Whether it counts only where no word character touches it.</param>
/// <param name="StripsLeft">Whether it takes white space before it along.</param>
/// <param name="StripsRight">Whether it takes white space after it along.</param>
/// <param name="IsNormalized">Whether it is looked for in the normalized text rather than in the raw one.</param>
sealed record AddedToken(
    int Id, string Content, bool IsSpecial, bool IsSingleWord, bool StripsLeft, bool StripsRight, bool IsNormalized)
{
    public static AddedToken Read(JsonSection section)
    {
        string content = section.TextOf("content");
        if (content.Length == 0)
            throw section.Get("content").Not("a text of at least one character");

        bool isSpecial = section.BooleanOf("special", false);
        return new AddedToken(
            section.Get("id").NonNegative(),
            content,
            isSpecial,
            section.BooleanOf("single_word", false),
            section.BooleanOf("lstrip", false),
            section.BooleanOf("rstrip", false),
            section.BooleanOf("normalized", !isSpecial));
    }
}
