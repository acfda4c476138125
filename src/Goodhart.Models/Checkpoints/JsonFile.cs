using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace Goodhart.Models.Checkpoints;

/// <summary>Reads and writes the small JSON files of a model directory.</summary>
static class JsonFile
{
    const int MaxBytes = 100_000_000;

    /// <summary>Binds a file's object to <typeparamref name="T"/>; keys that T does not have are ignored.</summary>
    /// <param name="path">The file.</param>
    /// <param name="type">What to bind to.</param>
    /// <param name="defaults">Values of keys that are absent, where they are not those of T.</param>
    public static T Read<T>(string path, JsonTypeInfo<T> type, JsonObject? defaults = null)
    {
        ReadOnlySpan<byte> json = Bytes(path);
        try
        {
            JsonElement root = JsonElement.Parse(json, new JsonDocumentOptions { AllowDuplicateProperties = false });
            if (root.ValueKind != JsonValueKind.Object)
                throw new CheckpointException($"{path}: should be a JSON object, got {Shorten(root)}.");

            string[] missing = [.. type.Properties
                .Where(property => property.IsRequired && !root.TryGetProperty(property.Name, out _))
                .Select(property => $"'{property.Name}' is missing. Add it, or export the model again.")];
            if (missing.Length > 0)
                throw CheckpointException.Of(path, missing);

            return Bind(path, defaults is null ? root : WithDefaults(root, defaults), type);
        }
        catch (JsonException e)
        {
            throw new CheckpointException(
                $"{path}:{e.LineNumber + 1}: not valid JSON at byte {e.BytePositionInLine} of the line. {e.Message}", e);
        }
    }

    /// <summary>Writes a value as indented JSON that ends with a line break.</summary>
    public static void Write<T>(string path, T value, JsonTypeInfo<T> type) =>
        AtomicFile.WriteText(path, JsonSerializer.Serialize(value, type) + "\n");

    static JsonElement WithDefaults(JsonElement root, JsonObject defaults)
    {
        JsonObject whole = JsonObject.Create(root)!;
        foreach ((string key, JsonNode? value) in defaults)
        {
            if (!whole.ContainsKey(key))
                whole.Add(key, value?.DeepClone());
        }

        return JsonElement.Parse(whole.ToJsonString());
    }

    static byte[] Bytes(string path)
    {
        FileInfo file = new(path);
        if (!file.Exists)
        {
            throw new CheckpointException(
                $"{path}: no such file. A model directory holds config.json and model.safetensors.");
        }

        if (file.Length > MaxBytes)
            throw new CheckpointException($"{path}: should have at most {MaxBytes} bytes, got {file.Length}.");

        return File.ReadAllBytes(path);
    }

    static T Bind<T>(string path, JsonElement root, JsonTypeInfo<T> type)
    {
        try
        {
            return root.Deserialize(type)!;
        }
        catch (JsonException e)
        {
            // Path is "$.key", with more behind it where the value is a list or an object.
            string key = e.Path!.Split('.', '[')[1];
            Type wanted = type.Properties.Single(property => property.Name == key).PropertyType;
            throw new CheckpointException(
                $"{path}: '{key}' should be {Describe(wanted)}, got {Shorten(root.GetProperty(key))}.", e);
        }
    }

    static string Describe(Type type) => (Nullable.GetUnderlyingType(type) ?? type) switch
    {
        var t when t == typeof(int) => "a whole number",
        var t when t == typeof(float) => "a number",
        var t when t == typeof(bool) => "true or false",
        var t when t == typeof(string) => "a string",
        var t when t == typeof(IReadOnlyList<int>) => "a token id or a list of them",
        var t when t == typeof(string[]) => "a list of strings",
        _ => "an object",
    };

    static string Shorten(JsonElement value)
    {
        string text = value.GetRawText();
        return text.Length <= 40 ? text : text[..40] + "...";
    }
}
