namespace Goodhart.Tokenizers.ChatTemplates.Syntax;

/// <summary>A place in a template, both counted from 1.</summary>
readonly record struct Position(int Line, int Column);

enum TokenKind
{
    Text,
    VariableBegin,
    VariableEnd,
    BlockBegin,
    BlockEnd,
    Name,
    Integer,
    Float,
    String,
    Operator,
    End,
}

/// <summary>A word of a template.</summary>
readonly record struct Token(TokenKind Kind, string Text, Position Position)
{
    public bool Is(TokenKind kind, string text) => Kind == kind && Text == text;

    public override string ToString() => Kind switch
    {
        TokenKind.End => "the end",
        TokenKind.VariableEnd or TokenKind.BlockEnd => $"'{Text}'",
        _ => Text.Length > 40 ? $"'{Text[..40]}...'" : $"'{Text}'",
    };
}
