namespace Goodhart.Tokenizers;

/// <summary>A tokenizer file that cannot be read or honoured, or a text that cannot be encoded.</summary>
public sealed class TokenizerException : Exception
{
    /// <summary>A problem told as where, rule, what was found, and what to do.</summary>
    public TokenizerException(string message)
        : base(message)
    {
    }

    /// <summary>The same, keeping the cause for a debugger.</summary>
    public TokenizerException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
