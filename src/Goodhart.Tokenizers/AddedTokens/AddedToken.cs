namespace Goodhart.Tokenizers.AddedTokens;

/// <summary>A token that is found in the text as a whole, before anything else is done.</summary>
sealed record AddedToken
{
    /// <summary>Its id, which may also be that of a token of the model.</summary>
    public required int Id { get; init; }

    /// <summary>What it looks like in the text.</summary>
    public required string Content { get; init; }

    /// <summary>Whether decoding leaves it out on request.</summary>
    public bool IsSpecial { get; init; }

    /// <summary>Whether it counts only where no word character touches it.</summary>
    public bool IsSingleWord { get; init; }

    /// <summary>Whether it takes white space before it along.</summary>
    public bool StripsLeft { get; init; }

    /// <summary>Whether it takes white space after it along.</summary>
    public bool StripsRight { get; init; }

    /// <summary>Whether it is looked for in the normalized text rather than in the raw one.</summary>
    public bool IsNormalized { get; init; }

    /// <summary>Reads an entry of <c>added_tokens</c> in tokenizer.json.</summary>
    public static AddedToken Read(JsonSection section) => Read(section, section.Get("id").NonNegative());

    /// <summary>Reads the description of a token whose id is known.</summary>
    public static AddedToken Read(JsonSection section, int id)
    {
        string content = section.TextOf("content");
        if (content.Length == 0)
            throw section.Get("content").Not("a text of at least one character");

        bool isSpecial = section.BooleanOf("special", false);
        return new AddedToken
        {
            Id = id,
            Content = content,
            IsSpecial = isSpecial,
            IsSingleWord = section.BooleanOf("single_word", false),
            StripsLeft = section.BooleanOf("lstrip", false),
            StripsRight = section.BooleanOf("rstrip", false),
            IsNormalized = section.BooleanOf("normalized", !isSpecial),
        };
    }
}
