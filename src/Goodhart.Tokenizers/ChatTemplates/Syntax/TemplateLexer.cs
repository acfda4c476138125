using System.Text.RegularExpressions;

namespace Goodhart.Tokenizers.ChatTemplates.Syntax;

/// <summary>Cuts a template into tokens: text as it is, and the words between braces.</summary>
/// <remarks>
/// White space as Hugging Face sets it: the line break after a block or comment goes, and so do blanks before one that begins
/// its line; a minus inside the braces strips all white space there, a plus none. One line break at the very end goes.
/// </remarks>
sealed partial class TemplateLexer
{
    readonly string _source;
    readonly Func<Position, string, TokenizerException> _error;
    readonly List<Token> _tokens = [];
    readonly int[] _lines;
    int _at;
    bool _startsLine = true;

    TemplateLexer(string source, Func<Position, string, TokenizerException> error)
    {
        _source = source;
        _error = error;
        _lines = [0, .. source.Index().Where(c => c.Item == '\n').Select(c => c.Index + 1)];
    }

    public static List<Token> Read(string source, Func<Position, string, TokenizerException> error)
    {
        string lines = source.ReplaceLineEndings("\n");
        TemplateLexer lexer = new(lines.EndsWith('\n') ? lines[..^1] : lines, error);
        lexer.Read();
        return lexer._tokens;
    }

    void Read()
    {
        while (NextBegin() is int begin and >= 0)
        {
            char kind = _source[begin + 1];
            char sign = begin + 2 < _source.Length && _source[begin + 2] is '-' or '+' ? _source[begin + 2] : ' ';
            if (kind == '{' && sign == '+')
                sign = ' '; // there, a sign of numbers
            AddText(TextBefore(begin, kind, sign));
            _at = begin + (sign == ' ' ? 2 : 3);
            if (kind == '#')
                SkipComment(begin);
            else if (kind == '%' && RawBegin().Match(_source, _at) is { Success: true } raw)
                ReadRaw(raw);
            else
                ReadTag(kind, begin);
        }

        AddText(_source[_at..]);
        Add(TokenKind.End, "", _source.Length);
    }

    int NextBegin()
    {
        for (int at = _at; (at = _source.IndexOf('{', at)) >= 0 && at + 1 < _source.Length; at++)
        {
            if (_source[at + 1] is '{' or '%' or '#')
                return at;
        }

        return -1;
    }

    string TextBefore(int begin, char kind, char sign)
    {
        string text = _source[_at..begin];
        if (sign == '-')
            return text.TrimEnd();
        if (kind == '{' || sign == '+')
            return text;

        int line = text.LastIndexOf('\n') + 1;
        bool isIndented = (line > 0 || _startsLine) && string.IsNullOrWhiteSpace(text[line..]);
        return isIndented ? text[..line] : text;
    }

    void AddText(string text)
    {
        if (text.Length > 0)
            Add(TokenKind.Text, text, _at);
    }

    void SkipComment(int begin)
    {
        int end = _source.IndexOf("#}", _at, StringComparison.Ordinal);
        if (end < 0)
            throw _error(At(begin), "the comment has no end; write #}.");
        _at = end + 2;
        AfterTag(_source[end - 1], trims: true);
    }

    /// <summary>Takes white space after a tag along, as the sign before its closing brace says.</summary>
    void AfterTag(char sign, bool trims)
    {
        int from = _at;
        if (sign == '-')
        {
            while (_at < _source.Length && char.IsWhiteSpace(_source[_at]))
                _at++;
        }
        else if (trims && sign != '+' && _at < _source.Length && _source[_at] == '\n')
            _at++;

        _startsLine = _at > from && _source[_at - 1] == '\n';
    }

    void ReadRaw(Match raw)
    {
        int begin = _at;
        _at = raw.Index + raw.Length;
        AfterTag(raw.Groups[1].Value is [char sign] ? sign : ' ', trims: false);
        Match end = RawEnd().Match(_source, _at);
        if (!end.Success)
            throw _error(At(begin), "'raw' has no end; write {% endraw %}.");

        AddText(TextBefore(end.Index, '%', end.Groups[1].Value is [char before] ? before : ' '));
        _at = end.Index + end.Length;
        AfterTag(end.Groups[2].Value is [char after] ? after : ' ', trims: true);
    }

    void ReadTag(char kind, int begin)
    {
        bool isBlock = kind == '%';
        Add(isBlock ? TokenKind.BlockBegin : TokenKind.VariableBegin, isBlock ? "{%" : "{{", begin);
        string close = isBlock ? "%}" : "}}";
        int depth = 0;
        while (true)
        {
            while (_at < _source.Length && char.IsWhiteSpace(_source[_at]))
                _at++;
            if (_at == _source.Length)
                throw _error(At(begin), $"has no end; write {close}.");

            int sign = _source[_at] is '-' or '+' ? 1 : 0;
            if (depth == 0 && _source.AsSpan(_at + sign).StartsWith(close) && (isBlock || _source[_at] != '+'))
            {
                Add(isBlock ? TokenKind.BlockEnd : TokenKind.VariableEnd, close, _at);
                char written = sign == 1 ? _source[_at] : ' ';
                _at += sign + 2;
                AfterTag(written, trims: isBlock);
                return;
            }

            depth += ReadWord();
        }
    }

    /// <summary>Reads one word; returns by how much it opens or closes brackets.</summary>
    int ReadWord()
    {
        if (_source[_at] is '"' or '\'')
        {
            ReadString();
            return 0;
        }

        Match word = Word().Match(_source, _at);
        if (!word.Success)
            throw _error(At(_at), $"'{_source[_at]}' has no meaning here.");

        TokenKind kind = word.Groups["float"].Success ? TokenKind.Float
            : word.Groups["integer"].Success ? TokenKind.Integer
            : word.Groups["name"].Success ? TokenKind.Name
            : TokenKind.Operator;
        Add(kind, word.Value, _at);
        _at += word.Length;
        return word.Value switch { "(" or "[" or "{" => 1, ")" or "]" or "}" => -1, _ => 0 };
    }

    void ReadString()
    {
        int end = _at + 1;
        while (end < _source.Length && _source[end] != _source[_at])
            end += _source[end] == '\\' ? 2 : 1;
        if (end >= _source.Length)
            throw _error(At(_at), $"the text has no end; write {_source[_at]}.");

        string text = StringEscapes.Resolve(_source[(_at + 1)..end], problem => _error(At(_at), problem));
        Add(TokenKind.String, text, _at);
        _at = end + 1;
    }

    void Add(TokenKind kind, string text, int at) => _tokens.Add(new Token(kind, text, At(at)));

    Position At(int index)
    {
        int line = Array.BinarySearch(_lines, index);
        line = line >= 0 ? line : ~line - 1;
        return new Position(line + 1, index - _lines[line] + 1);
    }

    [GeneratedRegex(@"\G\s*raw\s*(-?)%\}", RegexOptions.CultureInvariant)]
    private static partial Regex RawBegin();

    [GeneratedRegex(@"\{%([-+]?)\s*endraw\s*([-+]?)%\}", RegexOptions.CultureInvariant)]
    private static partial Regex RawEnd();

    [GeneratedRegex(
        @"\G(?:(?<float>\d[\d_]*(?:\.\d[\d_]*(?:[eE][+-]?\d+)?|[eE][+-]?\d+))|(?<integer>\d[\d_]*)|(?<name>[\p{L}_][\p{L}\p{N}_]*)|\*\*|//|==|!=|>=|<=|[-+*/%~\[\](){}<>=.:|,])",
        RegexOptions.CultureInvariant)]
    private static partial Regex Word();
}
