using System.Globalization;
using System.Text;
using Goodhart.Tokenizers.ChatTemplates.Evaluation;
using Goodhart.Tokenizers.ChatTemplates.Functions;
using Attribute = Goodhart.Tokenizers.ChatTemplates.Evaluation.Attribute;

namespace Goodhart.Tokenizers.ChatTemplates.Syntax;

/// <summary>Parses expressions; each method one level of precedence, the loosest first.</summary>
sealed class ExpressionParser(TokenReader tokens)
{
    public Expression Parse() => tokens.Nested(ParseConditional);

    /// <summary>An expression, or several with commas between them, which are a list.</summary>
    public Expression ParseTuple()
    {
        Position position = tokens.Current.Position;
        Expression first = Parse();
        if (!tokens.IsOperator(","))
            return first;

        List<Expression> items = [first];
        while (tokens.TrySkipOperator(",") && tokens.Current.Kind != TokenKind.BlockEnd)
            items.Add(Parse());
        return new ListLiteral(position, IsTuple: true, items);
    }

    /// <summary>Without <c>if</c>: what a loop runs over.</summary>
    public Expression ParseWithoutCondition() => tokens.Nested(ParseOr);

    Expression ParseConditional()
    {
        Expression value = ParseOr();
        while (tokens.Current is { } token && tokens.TrySkipName("if"))
        {
            Expression condition = ParseOr();
            value = new Conditional(token.Position, condition, value, tokens.TrySkipName("else") ? Parse() : null);
        }

        return value;
    }

    Expression ParseOr()
    {
        Expression left = ParseAnd();
        while (tokens.Current is { } token && tokens.TrySkipName("or"))
            left = new Logical(token.Position, IsAnd: false, left, ParseAnd());
        return left;
    }

    Expression ParseAnd()
    {
        Expression left = ParseNot();
        while (tokens.Current is { } token && tokens.TrySkipName("and"))
            left = new Logical(token.Position, IsAnd: true, left, ParseNot());
        return left;
    }

    Expression ParseNot()
    {
        Token token = tokens.Current;
        return tokens.TrySkipName("not") ? new Not(token.Position, tokens.Nested(ParseNot)) : ParseComparison();
    }

    Expression ParseComparison()
    {
        Position position = tokens.Current.Position;
        Expression first = ParseSum();
        List<(string, Expression)> rest = [];
        while (TakeComparison() is string sign)
            rest.Add((sign, ParseSum()));
        return rest.Count == 0 ? first : new Comparison(position, first, rest);
    }

    string? TakeComparison()
    {
        if (tokens.Current is { Kind: TokenKind.Operator, Text: "==" or "!=" or "<" or "<=" or ">" or ">=" })
            return tokens.Take().Text;
        if (tokens.TrySkipName("in"))
            return "in";
        if (!tokens.IsName("not") || !tokens.IsNextName("in"))
            return null;

        tokens.Take();
        tokens.Take();
        return "not in";
    }

    Expression ParseSum()
    {
        Expression left = ParseJoined();
        while (tokens.Current is { Kind: TokenKind.Operator, Text: "+" or "-" })
        {
            Token sign = tokens.Take();
            left = new Arithmetic(sign.Position, sign.Text, left, ParseJoined());
        }

        return left;
    }

    Expression ParseJoined()
    {
        Expression left = ParseProduct();
        while (tokens.Current is { } token && tokens.TrySkipOperator("~"))
            left = new Joined(token.Position, left, ParseProduct());
        return left;
    }

    Expression ParseProduct()
    {
        Expression left = ParsePower();
        while (tokens.Current is { Kind: TokenKind.Operator, Text: "*" or "/" or "//" or "%" })
        {
            Token sign = tokens.Take();
            left = new Arithmetic(sign.Position, sign.Text, left, ParsePower());
        }

        return left;
    }

    Expression ParsePower()
    {
        Expression left = ParseSigned(withFilters: true);
        while (tokens.Current is { } token && tokens.TrySkipOperator("**"))
            left = new Arithmetic(token.Position, "**", left, ParseSigned(withFilters: true));
        return left;
    }

    Expression ParseSigned(bool withFilters)
    {
        Token token = tokens.Current;
        Expression value = token is { Kind: TokenKind.Operator, Text: "-" or "+" }
            ? new Sign(tokens.Take().Position, token.Text == "-", tokens.Nested(() => ParseSigned(withFilters: false)))
            : ParsePostfix(ParsePrimary());
        return withFilters ? ParseFilters(value) : value;
    }

    Expression ParsePrimary()
    {
        Token token = tokens.Take();
        switch (token.Kind)
        {
            case TokenKind.Name:
                return token.Text switch
                {
                    "true" or "True" => new Constant(token.Position, true),
                    "false" or "False" => new Constant(token.Position, false),
                    "none" or "None" => new Constant(token.Position, null),
                    _ => new Name(token.Position, token.Text),
                };
            case TokenKind.String:
                StringBuilder text = new(token.Text);
                while (tokens.Current.Kind == TokenKind.String)
                    text.Append(tokens.Take().Text);
                return new Constant(token.Position, text.ToString());
            case TokenKind.Integer:
                return long.TryParse(token.Text.Replace("_", "", StringComparison.Ordinal), NumberStyles.None, CultureInfo.InvariantCulture, out long whole)
                    ? new Constant(token.Position, whole)
                    : throw tokens.Error(token.Position, $"{token} is beyond 64 bits.");
            case TokenKind.Float:
                return new Constant(token.Position, double.Parse(token.Text.Replace("_", "", StringComparison.Ordinal), CultureInfo.InvariantCulture));
            case TokenKind.Operator when token.Text == "(":
                return ParseParentheses(token);
            case TokenKind.Operator when token.Text == "[":
                return new ListLiteral(token.Position, IsTuple: false, ParseItems("]", Parse));
            case TokenKind.Operator when token.Text == "{":
                return new MappingLiteral(token.Position, ParseItems("}", ParseField));
            default:
                throw tokens.Error(token.Position, $"a value should be here, got {token}.");
        }
    }

    Expression ParseParentheses(Token open)
    {
        if (tokens.TrySkipOperator(")"))
            return new ListLiteral(open.Position, IsTuple: true, []);

        Expression first = Parse();
        if (tokens.TrySkipOperator(")"))
            return first;

        tokens.ExpectOperator(",");
        return new ListLiteral(open.Position, IsTuple: true, [first, .. ParseItems(")", Parse)]);
    }

    (Expression Key, Expression Value) ParseField()
    {
        Expression key = Parse();
        tokens.ExpectOperator(":");
        return (key, Parse());
    }

    List<T> ParseItems<T>(string close, Func<T> parse)
    {
        List<T> items = [];
        while (!tokens.TrySkipOperator(close))
        {
            if (items.Count > 0)
                tokens.ExpectOperator(",");
            if (items.Count > 0 && tokens.TrySkipOperator(close))
                break;
            items.Add(parse());
        }

        return items;
    }

    Expression ParsePostfix(Expression value)
    {
        while (true)
        {
            Position position = tokens.Current.Position;
            if (tokens.TrySkipOperator("."))
                value = tokens.Current.Kind == TokenKind.Integer
                    ? new Item(position, value, ParsePrimary())
                    : new Attribute(position, value, tokens.Expect(TokenKind.Name, "the name of a field").Text);
            else if (tokens.TrySkipOperator("["))
                value = ParseItemOrSlice(position, value);
            else if (tokens.IsOperator("("))
                value = new Call(position, value, ParseArguments());
            else
                return value;
        }
    }

    Expression ParseItemOrSlice(Position position, Expression value)
    {
        Expression? from = tokens.IsOperator(":") ? null : Parse();
        if (from is not null && tokens.TrySkipOperator("]"))
            return new Item(position, value, from);

        tokens.ExpectOperator(":");
        Expression? to = tokens.IsOperator(":") || tokens.IsOperator("]") ? null : Parse();
        Expression? step = tokens.TrySkipOperator(":") && !tokens.IsOperator("]") ? Parse() : null;
        tokens.ExpectOperator("]");
        return new Slice(position, value, from, to, step);
    }

    public ArgumentList ParseArguments()
    {
        tokens.ExpectOperator("(");
        List<Expression> positional = [];
        List<(string, Expression)> named = [];
        ParseItems(")", () =>
        {
            if (tokens.Current.Kind == TokenKind.Name && tokens.IsNextOperator("="))
            {
                string name = tokens.Take().Text;
                tokens.Take();
                named.Add((name, Parse()));
            }
            else if (named.Count > 0)
                throw tokens.Error(tokens.Current.Position, "an argument without a name follows one with a name.");
            else
                positional.Add(Parse());
            return true;
        });
        return new ArgumentList(positional, named);
    }

    Expression ParseFilters(Expression value)
    {
        while (true)
        {
            Position position = tokens.Current.Position;
            if (tokens.TrySkipOperator("|"))
            {
                (string filter, ArgumentList arguments) = ParseFilter();
                value = new FilterCall(position, value, filter, arguments);
            }
            else if (tokens.TrySkipName("is"))
                value = ParseTest(position, value);
            else if (tokens.IsOperator("("))
                value = new Call(position, value, ParseArguments());
            else
                return value;
        }
    }

    /// <summary>What stands after the bar.</summary>
    public (string Filter, ArgumentList Arguments) ParseFilter()
    {
        Token name = tokens.Expect(TokenKind.Name, "the name of a filter");
        if (!Filters.All.ContainsKey(name.Text))
            throw tokens.Error(name.Position, $"the filter '{name.Text}' is not supported.");
        return (name.Text, tokens.IsOperator("(") ? ParseArguments() : ArgumentList.Empty);
    }

    Expression ParseTest(Position position, Expression value)
    {
        bool isNegated = tokens.TrySkipName("not");
        Token name = tokens.Expect(TokenKind.Name, "the name of a test");
        string test = name.Text.ToLowerInvariant() is "none" or "true" or "false" ? name.Text.ToLowerInvariant() : name.Text;
        if (!Tests.All.ContainsKey(test))
            throw tokens.Error(name.Position, $"the test '{name.Text}' is not supported.");

        ArgumentList arguments = ArgumentList.Empty;
        if (tokens.IsOperator("("))
            arguments = ParseArguments();
        else if (BeginsValue(tokens.Current))
            arguments = new ArgumentList([ParsePostfix(ParsePrimary())], []);

        if (tokens.IsName("is"))
            throw tokens.Error(tokens.Current.Position, "a test cannot follow a test; put parentheses around the first.");

        TestCall call = new(position, value, test, arguments);
        return isNegated ? new Not(position, call) : call;
    }

    static bool BeginsValue(Token token) => token.Kind switch
    {
        TokenKind.Name => token.Text is not ("and" or "or" or "else" or "if" or "is" or "not" or "in"),
        TokenKind.Operator => token.Text is "[" or "{",
        TokenKind.String or TokenKind.Integer or TokenKind.Float => true,
        _ => false,
    };
}
