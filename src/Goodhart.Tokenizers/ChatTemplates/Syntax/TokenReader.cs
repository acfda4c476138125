namespace Goodhart.Tokenizers.ChatTemplates.Syntax;

/// <summary>Goes through the tokens of a template.</summary>
sealed class TokenReader(List<Token> tokens, Func<Position, string, TokenizerException> error)
{
    const int DeepestNesting = 64;

    int _at;
    int _depth;

    public Token Current => tokens[_at];

    public Token Take()
    {
        Token token = tokens[_at];
        if (token.Kind != TokenKind.End)
            _at++;
        return token;
    }

    public bool IsOperator(string text) => Current.Is(TokenKind.Operator, text);

    public bool IsName(string text) => Current.Is(TokenKind.Name, text);

    /// <summary>Whether the token after the current one is that operator.</summary>
    public bool IsNextOperator(string text) => _at + 1 < tokens.Count && tokens[_at + 1].Is(TokenKind.Operator, text);

    public bool IsNextName(string text) => _at + 1 < tokens.Count && tokens[_at + 1].Is(TokenKind.Name, text);

    public bool TrySkip(TokenKind kind, string text)
    {
        if (!Current.Is(kind, text))
            return false;
        _at++;
        return true;
    }

    public bool TrySkipOperator(string text) => TrySkip(TokenKind.Operator, text);

    public bool TrySkipName(string text) => TrySkip(TokenKind.Name, text);

    public Token Expect(TokenKind kind, string what) => Current.Kind == kind ? Take() : throw Expected(what);

    public void ExpectOperator(string text)
    {
        if (!TrySkipOperator(text))
            throw Expected($"'{text}'");
    }

    public TokenizerException Expected(string what) => Error(Current.Position, $"{what} should be here, got {Current}.");

    public TokenizerException Error(Position position, string message) => error(position, message);

    /// <summary>Parses something that may hold itself, to a bounded depth.</summary>
    public T Nested<T>(Func<T> parse)
    {
        if (++_depth > DeepestNesting)
            throw Error(Current.Position, $"is nested deeper than {DeepestNesting}.");
        T parsed = parse();
        _depth--;
        return parsed;
    }
}
