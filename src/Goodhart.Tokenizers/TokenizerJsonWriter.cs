using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Goodhart.Tokenizers;

/// <summary>Writes the <c>tokenizer.json</c> of tokenizers that were not read from one.</summary>
static class TokenizerJsonWriter
{
    /// <summary>Indented, and without escapes that JSON does not ask for.</summary>
    public static JsonSerializerOptions Readable { get; } =
        new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>A byte-level tokenizer in the manner of GPT-2.</summary>
    public static byte[] ByteLevel(
        IReadOnlyList<string> tokens,
        IEnumerable<(string, string)> merges,
        IReadOnlyList<string> special,
        string? bos) => Write(
        tokens,
        special,
        normalizer: null,
        preTokenizer: ByteLevelComponent(),
        postProcessor: bos is null ? ByteLevelComponent() : Template(bos, tokens.IndexOf(bos)),
        decoder: ByteLevelComponent(),
        Model(tokens, merges, unknown: null));

    /// <summary>A tokenizer in the manner of Llama 2: a mark for each space and one in front, bytes as a fallback.</summary>
    public static byte[] SentencePiece(
        IReadOnlyList<string> tokens,
        IEnumerable<(string, string)> merges,
        string unknown,
        string bos,
        string eos) => Write(
        tokens,
        [unknown, bos, eos],
        normalizer: Sequence("normalizers",
            Component("Prepend", ("prepend", "\u2581")),
            Component("Replace", ("pattern", new JsonObject { ["String"] = " " }), ("content", "\u2581"))),
        preTokenizer: null,
        postProcessor: Template(bos, tokens.IndexOf(bos)),
        decoder: Sequence("decoders",
            Component("Replace", ("pattern", new JsonObject { ["String"] = "\u2581" }), ("content", " ")),
            Component("ByteFallback"),
            Component("Fuse"),
            Component("Strip", ("content", " "), ("start", 1), ("stop", 0))),
        Model(tokens, merges, unknown));

    static byte[] Write(
        IReadOnlyList<string> tokens,
        IReadOnlyList<string> special,
        JsonObject? normalizer,
        JsonObject? preTokenizer,
        JsonObject postProcessor,
        JsonObject decoder,
        JsonObject model)
    {
        JsonObject file = new()
        {
            ["version"] = "1.0",
            ["truncation"] = null,
            ["padding"] = null,
            ["added_tokens"] = new JsonArray([.. special.Select(token => SpecialToken(token, tokens.IndexOf(token)))]),
            ["normalizer"] = normalizer,
            ["pre_tokenizer"] = preTokenizer,
            ["post_processor"] = postProcessor,
            ["decoder"] = decoder,
            ["model"] = model,
        };
        return JsonSerializer.SerializeToUtf8Bytes(file, Readable);
    }

    static JsonObject Model(IReadOnlyList<string> tokens, IEnumerable<(string, string)> merges, string? unknown) => new()
    {
        ["type"] = "BPE",
        ["dropout"] = null,
        ["unk_token"] = unknown,
        ["continuing_subword_prefix"] = null,
        ["end_of_word_suffix"] = null,
        ["fuse_unk"] = unknown is not null,
        ["byte_fallback"] = unknown is not null,
        ["ignore_merges"] = false,
        ["vocab"] = new JsonObject(tokens.Select((token, id) => KeyValuePair.Create(token, (JsonNode?)id))),
        // The older form, which every version reads; no token here has a space in it.
        ["merges"] = new JsonArray([.. merges.Select(pair => (JsonNode)$"{pair.Item1} {pair.Item2}")]),
    };

    static JsonObject SpecialToken(string content, int id) => new()
    {
        ["id"] = id,
        ["content"] = content,
        ["single_word"] = false,
        ["lstrip"] = false,
        ["rstrip"] = false,
        ["normalized"] = false,
        ["special"] = true,
    };

    static JsonObject ByteLevelComponent() =>
        Component("ByteLevel", ("add_prefix_space", false), ("trim_offsets", true), ("use_regex", true));

    /// <summary>The special token first, then the text; two texts each get theirs.</summary>
    static JsonObject Template(string bos, int id)
    {
        return Component(
            "TemplateProcessing",
            ("single", new JsonArray(Special(0), Text("A", 0))),
            ("pair", new JsonArray(Special(0), Text("A", 0), Special(1), Text("B", 1))),
            ("special_tokens", new JsonObject
            {
                [bos] = new JsonObject { ["id"] = bos, ["ids"] = new JsonArray(id), ["tokens"] = new JsonArray(bos) },
            }));

        JsonObject Special(int type) => new() { ["SpecialToken"] = Reference(bos, type) };
        static JsonObject Text(string name, int type) => new() { ["Sequence"] = Reference(name, type) };
        static JsonObject Reference(string name, int type) => new() { ["id"] = name, ["type_id"] = type };
    }

    static JsonObject Sequence(string key, params JsonNode[] steps) => Component("Sequence", (key, new JsonArray(steps)));

    static JsonObject Component(string type, params (string Key, JsonNode? Value)[] settings)
    {
        JsonObject component = new() { ["type"] = type };
        foreach ((string key, JsonNode? value) in settings)
            component[key] = value;
        return component;
    }

    static int IndexOf(this IReadOnlyList<string> tokens, string token) =>
        tokens.Index().First(entry => entry.Item == token).Index;
}
