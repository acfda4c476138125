using System.Text.Json;
using System.Text.Unicode;

namespace Goodhart.Tokenizers;

/// <summary>One value of a JSON file with the path that leads to it, so that every complaint says where.</summary>
readonly record struct JsonSection(JsonElement Value, string Path)
{
    static readonly JsonDocumentOptions Strict = new() { MaxDepth = 32, AllowDuplicateProperties = false };

    public static JsonSection Parse(byte[] utf8, string file)
    {
        if (!Utf8.IsValid(utf8))
            throw new TokenizerException($"{file}: should be UTF-8, got other bytes. Save it as UTF-8.");

        try
        {
            using var document = JsonDocument.Parse(utf8, Strict);
            return new JsonSection(document.RootElement.Clone(), $"{file}:").Expect(JsonValueKind.Object);
        }
        catch (JsonException e)
        {
            throw new TokenizerException($"{file}: is not a complete, well-formed JSON file: {e.Message}", e);
        }
    }

    /// <summary>The member of that name; null where it is absent or null.</summary>
    public JsonSection? Find(string name) =>
        Value.TryGetProperty(name, out JsonElement found) && found.ValueKind != JsonValueKind.Null
            ? Child(name, found)
            : null;

    public JsonSection Get(string name) =>
        Find(name) ?? throw new TokenizerException($"{PathOf(name)} is missing.");

    public bool Has(string name) => Value.TryGetProperty(name, out _);

    public string Type => Get("type").Text();

    public string TextOf(string name) => Get(name).Text();

    public bool BooleanOf(string name, bool otherwise) => Find(name)?.Boolean() ?? otherwise;

    public string Text()
    {
        Expect(JsonValueKind.String);
        try
        {
            return Value.GetString()!;
        }
        catch (InvalidOperationException e)
        {
            throw new TokenizerException($"{Path} has an escape for half a surrogate pair, which is no text.", e);
        }
    }

    public char Character() => Text() is [char only] ? only : throw Not("one character");

    public bool Boolean() => Value.ValueKind is JsonValueKind.True or JsonValueKind.False
        ? Value.GetBoolean()
        : throw Not("true or false");

    public int NonNegative() =>
        Value.ValueKind == JsonValueKind.Number && Value.TryGetInt32(out int number) && number >= 0
            ? number
            : throw Not("a whole number from 0 to 2147483647");

    public double Number() => Value.ValueKind == JsonValueKind.Number && Value.TryGetDouble(out double number) && double.IsFinite(number)
        ? number
        : throw Not("a finite number");

    public IEnumerable<JsonSection> Items()
    {
        string path = Expect(JsonValueKind.Array).Path;
        return Value.EnumerateArray().Select((item, i) => new JsonSection(item, $"{path}[{i}]"));
    }

    public IEnumerable<(string Name, JsonSection Value)> Members()
    {
        JsonSection self = Expect(JsonValueKind.Object);
        return Value.EnumerateObject().Select(member => (member.Name, self.Child(member.Name, member.Value)));
    }

    public JsonSection Expect(JsonValueKind kind) =>
        Value.ValueKind == kind ? this : throw Not($"{kind}".ToLowerInvariant());

    /// <summary>What to throw where this value breaks a rule.</summary>
    public TokenizerException Not(string rule) => new($"{Path} should be {rule}, got {Shortened()}.");

    /// <summary>What to throw where the file asks for a component that is not implemented.</summary>
    public TokenizerException Unsupported(string known) =>
        new($"{Path}: '{Type}' is not supported; supported are {known}.");

    string Shortened()
    {
        string raw = Value.GetRawText();
        return raw.Length <= 60 ? raw : $"{raw[..60]}...";
    }

    JsonSection Child(string name, JsonElement value) => new(value, PathOf(name));

    string PathOf(string name) => Path.EndsWith(':') ? $"{Path} {name}" : $"{Path}.{name}";
}
