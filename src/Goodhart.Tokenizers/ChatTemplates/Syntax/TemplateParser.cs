using Goodhart.Tokenizers.ChatTemplates.Evaluation;

namespace Goodhart.Tokenizers.ChatTemplates.Syntax;

/// <summary>Parses a template: text, values and statements.</summary>
sealed class TemplateParser
{
    const string Known = "for, if, set, macro, raw, generation, break and continue";

    readonly TokenReader _tokens;
    readonly ExpressionParser _expressions;
    int _loops;

    TemplateParser(TokenReader tokens)
    {
        _tokens = tokens;
        _expressions = new ExpressionParser(tokens);
    }

    public static Body Parse(string source, Func<Position, string, TokenizerException> error)
    {
        TemplateParser parser = new(new TokenReader(TemplateLexer.Read(source, error), error));
        Body body = parser.ParseBody([]);
        return parser._tokens.Current.Kind == TokenKind.End ? body : throw parser._tokens.Expected("text or a statement");
    }

    /// <summary>Statements up to a block that begins with one of some names, which is left to be read; or up to the end.</summary>
    Body ParseBody(string[] ends) => _tokens.Nested(() =>
    {
        Position position = _tokens.Current.Position;
        List<Statement> statements = [];
        while (_tokens.Current.Kind != TokenKind.End)
        {
            Token token = _tokens.Take();
            switch (token.Kind)
            {
                case TokenKind.Text:
                    statements.Add(new Verbatim(token.Position, token.Text));
                    break;
                case TokenKind.VariableBegin:
                    statements.Add(new Output(token.Position, _expressions.ParseTuple()));
                    _tokens.Expect(TokenKind.VariableEnd, "'}}'");
                    break;
                case TokenKind.BlockBegin when ends.Contains(_tokens.Current.Text) && _tokens.Current.Kind == TokenKind.Name:
                    return new Body(position, statements);
                default:
                    statements.Add(ParseStatement(token.Position));
                    break;
            }
        }

        return ends.Length == 0
            ? new Body(position, statements)
            : throw _tokens.Error(_tokens.Current.Position, $"'{ends[^1]}' is missing.");
    });

    Statement ParseStatement(Position position)
    {
        Token name = _tokens.Expect(TokenKind.Name, "the name of a statement");
        return name.Text switch
        {
            "for" => ParseFor(position),
            "if" => ParseIf(position),
            "set" => ParseSet(position),
            "macro" => ParseMacro(position),
            "generation" => ParseGeneration(position),
            "break" => ParseJump(position, Flow.Break),
            "continue" => ParseJump(position, Flow.Continue),
            _ => throw _tokens.Error(name.Position, $"the statement '{name.Text}' is not supported here; supported are {Known}."),
        };
    }

    For ParseFor(Position position)
    {
        Target target = ParseTarget();
        if (!_tokens.TrySkipName("in"))
            throw _tokens.Expected("'in'");
        Expression items = _expressions.ParseWithoutCondition();
        Expression? condition = _tokens.TrySkipName("if") ? _expressions.Parse() : null;
        EndBlock();

        _loops++;
        Body body = ParseBody(["else", "endfor"]);
        _loops--;
        Body? otherwise = null;
        if (_tokens.Take().Text == "else")
        {
            EndBlock();
            otherwise = ParseBody(["endfor"]);
            _tokens.Take();
        }

        EndBlock();
        return new For(position, target, items, condition, body, otherwise);
    }

    If ParseIf(Position position)
    {
        List<(Expression?, Body)> branches = [];
        Expression? condition = _expressions.ParseTuple();
        while (true)
        {
            EndBlock();
            branches.Add((condition, ParseBody(condition is null ? ["endif"] : ["elif", "else", "endif"])));
            string next = _tokens.Take().Text;
            if (next == "endif")
                break;
            condition = next == "elif" ? _expressions.ParseTuple() : null;
        }

        EndBlock();
        return new If(position, branches);
    }

    Statement ParseSet(Position position)
    {
        Target target = ParseTarget();
        if (_tokens.TrySkipOperator("="))
        {
            Expression value = _expressions.ParseTuple();
            EndBlock();
            return new Set(position, target, value);
        }

        List<(string, ArgumentList)> filters = [];
        while (_tokens.TrySkipOperator("|"))
            filters.Add(_expressions.ParseFilter());
        return new SetText(position, target, filters, ParseInner("endset"));
    }

    Macro ParseMacro(Position position)
    {
        string name = _tokens.Expect(TokenKind.Name, "the name of the macro").Text;
        _tokens.ExpectOperator("(");
        List<(string, Expression?)> parameters = [];
        while (!_tokens.TrySkipOperator(")"))
        {
            if (parameters.Count > 0)
                _tokens.ExpectOperator(",");
            string parameter = _tokens.Expect(TokenKind.Name, "the name of a parameter").Text;
            parameters.Add((parameter, _tokens.TrySkipOperator("=") ? _expressions.Parse() : null));
        }

        return new Macro(position, name, parameters, ParseInner("endmacro"));
    }

    Generation ParseGeneration(Position position)
    {
        EndBlock();
        Body body = ParseBody(["endgeneration"]);
        _tokens.Take();
        EndBlock();
        return new Generation(position, body);
    }

    Jump ParseJump(Position position, Flow flow)
    {
        if (_loops == 0)
            throw _tokens.Error(position, "'break' and 'continue' belong inside a loop.");
        EndBlock();
        return new Jump(position, flow);
    }

    /// <summary>The body of a statement that no loop reaches into.</summary>
    Body ParseInner(string end)
    {
        EndBlock();
        (int loops, _loops) = (_loops, 0);
        Body body = ParseBody([end]);
        _loops = loops;
        _tokens.Take();
        EndBlock();
        return body;
    }

    Target ParseTarget()
    {
        bool isParenthesized = _tokens.TrySkipOperator("(");
        List<(string, string?)> parts = [];
        bool isTuple = false;
        while (true)
        {
            string name = _tokens.Expect(TokenKind.Name, "a name").Text;
            parts.Add((name, _tokens.TrySkipOperator(".") ? _tokens.Expect(TokenKind.Name, "the name of a field").Text : null));
            if (!_tokens.TrySkipOperator(","))
                break;
            isTuple = true;
        }

        if (isParenthesized)
            _tokens.ExpectOperator(")");
        return new Target(parts, isTuple);
    }

    void EndBlock() => _tokens.Expect(TokenKind.BlockEnd, "'%}'");
}
