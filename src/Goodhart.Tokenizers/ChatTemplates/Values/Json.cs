using System.Globalization;
using System.Text;

namespace Goodhart.Tokenizers.ChatTemplates.Values;

/// <summary>Writes values as Python's <c>json.dumps</c> does, characters beyond ASCII as they are.</summary>
sealed class Json
{
    readonly StringBuilder _text = new();
    readonly int? _indent;
    readonly bool _sortsKeys;
    readonly string _betweenItems;
    readonly string _afterKey;

    Json(int? indent, bool sortsKeys, (string BetweenItems, string AfterKey)? separators)
    {
        _indent = indent;
        _sortsKeys = sortsKeys;
        (_betweenItems, _afterKey) = separators ?? (indent is null ? ", " : ",", ": ");
    }

    public static string Write(object? value, int? indent, bool sortsKeys, (string BetweenItems, string AfterKey)? separators)
    {
        Json json = new(indent, sortsKeys, separators);
        json.Add(value, 1);
        return json._text.ToString();
    }

    void Add(object? value, int depth)
    {
        Value.CheckDepth();
        switch (value)
        {
            case null:
                _text.Append("null");
                break;
            case bool truth:
                _text.Append(truth ? "true" : "false");
                break;
            case long whole:
                _text.Append(CultureInfo.InvariantCulture, $"{whole}");
                break;
            case double real:
                _text.Append(double.IsFinite(real) ? Value.Real(real) : throw new Fault($"{real} has no JSON form."));
                break;
            case string text:
                AddString(text);
                break;
            case List<object?> items:
                AddAll('[', items, item => Add(item, depth + 1), ']', depth);
                break;
            case OrderedDictionary<string, object?> fields:
                IEnumerable<KeyValuePair<string, object?>> sorted =
                    _sortsKeys ? fields.OrderBy(field => field.Key, StringComparer.Ordinal) : fields;
                AddAll('{', [.. sorted], field => AddField(field, depth + 1), '}', depth);
                break;
            default:
                throw new Fault($"{Value.KindOf(value)} has no JSON form.");
        }
    }

    void AddField(KeyValuePair<string, object?> field, int depth)
    {
        AddString(field.Key);
        _text.Append(_afterKey);
        Add(field.Value, depth);
    }

    void AddAll<T>(char open, List<T> items, Action<T> add, char close, int depth)
    {
        _text.Append(open);
        for (int i = 0; i < items.Count; i++)
        {
            if (i > 0)
                _text.Append(_betweenItems);
            AddLine(depth);
            add(items[i]);
        }

        if (items.Count > 0)
            AddLine(depth - 1);
        _text.Append(close);
    }

    void AddLine(int depth)
    {
        if (_indent is int indent)
            _text.Append('\n').Append(' ', indent * depth);
    }

    void AddString(string text)
    {
        Budget.Charge(text.Length);
        _text.Append('"');
        foreach (char c in text)
        {
            _text.Append(c switch
            {
                '"' => "\\\"",
                '\\' => "\\\\",
                '\n' => "\\n",
                '\r' => "\\r",
                '\t' => "\\t",
                '\b' => "\\b",
                '\f' => "\\f",
                < ' ' => $"\\u{(int)c:x4}",
                _ => $"{c}",
            });
        }

        _text.Append('"');
    }
}
