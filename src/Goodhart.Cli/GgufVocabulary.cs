using System.Text.Json;
using Goodhart.Models.Checkpoints;
using Goodhart.Tokenizers;

namespace Goodhart.Cli;

/// <summary>A tokenizer.json as the tokenizer.ggml.* metadata of a GGUF file.</summary>
static class GgufVocabulary
{
    const int Normal = 1, Unknown = 2, Control = 3, UserDefined = 4, Unused = 5, Byte = 6;

    /// <param name="directory">Of the model; holds tokenizer.json.</param>
    /// <param name="tokenizer">The same, read.</param>
    /// <param name="vocabSize">Of the model, which may have ids that the tokenizer has no token for.</param>
    /// <exception cref="CheckpointException">The tokenizer is neither byte-level BPE nor BPE with byte fallback.</exception>
    public static Dictionary<string, object> Read(string directory, Tokenizer tokenizer, int vocabSize)
    {
        string path = Path.Combine(directory, "tokenizer.json");
        using var json = JsonDocument.Parse(File.ReadAllBytes(path));
        JsonElement model = json.RootElement.GetProperty("model");
        bool isByteLevel = HasType(json.RootElement.GetProperty("decoder"), "ByteLevel");
        bool fallsBack = model.TryGetProperty("byte_fallback", out JsonElement fallback) && fallback.ValueKind == JsonValueKind.True;
        if (!model.TryGetProperty("merges", out JsonElement mergeList) || (!isByteLevel && !fallsBack))
            throw new CheckpointException($"{path}: should be BPE over bytes or with byte fallback to be written as GGUF. Keep the Hugging Face directory.");

        string[] merges = [.. mergeList.EnumerateArray().Select(Merge)];
        (string[] tokens, int[] types) = Tokens(json.RootElement, model, vocabSize);
        Dictionary<string, object> metadata = new()
        {
            ["tokenizer.ggml.model"] = isByteLevel ? "gpt2" : "llama",
            ["tokenizer.ggml.tokens"] = tokens,
            ["tokenizer.ggml.token_type"] = types,
            ["tokenizer.ggml.add_bos_token"] = tokenizer.BosId is int bos && tokenizer.Encode("a")[0] == bos,
        };
        if (isByteLevel)
        {
            metadata["tokenizer.ggml.pre"] = "gpt-2";
            metadata["tokenizer.ggml.merges"] = merges;
        }
        else
        {
            metadata["tokenizer.ggml.scores"] = Scores(tokens, merges);
            metadata["tokenizer.ggml.add_space_prefix"] = tokens[tokenizer.Encode("a", addSpecialTokens: false)[0]].StartsWith('\u2581');
        }

        return metadata;
    }

    static (string[] Tokens, int[] Types) Tokens(JsonElement root, JsonElement model, int vocabSize)
    {
        string[] tokens = [.. Enumerable.Range(0, vocabSize).Select(id => $"[PAD{id}]")];
        int[] types = new int[vocabSize];
        Array.Fill(types, Unused);
        string? unknown = model.TryGetProperty("unk_token", out JsonElement unk) && unk.ValueKind == JsonValueKind.String ? unk.GetString() : null;
        foreach (JsonProperty token in model.GetProperty("vocab").EnumerateObject())
        {
            int id = token.Value.GetInt32();
            bool isByte = token.Name is ['<', '0', 'x', _, _, '>'];
            (tokens[id], types[id]) = (token.Name, token.Name == unknown ? Unknown : isByte ? Byte : Normal);
        }

        foreach (JsonElement added in root.GetProperty("added_tokens").EnumerateArray())
        {
            int id = added.GetProperty("id").GetInt32();
            tokens[id] = added.GetProperty("content").GetString()!;
            types[id] = types[id] == Unknown ? Unknown : added.GetProperty("special").GetBoolean() ? Control : UserDefined;
        }

        return (tokens, types);
    }

    /// <summary>The merges in their order: who scores higher is merged first.</summary>
    static float[] Scores(string[] tokens, string[] merges)
    {
        Dictionary<string, float> byPiece = [];
        for (int i = 0; i < merges.Length; i++)
            byPiece.TryAdd(merges[i].Remove(merges[i].IndexOf(' ', 1), 1), -i - 1);
        return [.. tokens.Select(token => byPiece.GetValueOrDefault(token))];
    }

    static string Merge(JsonElement merge) => merge.ValueKind == JsonValueKind.Array
        ? string.Join(' ', merge.EnumerateArray().Select(part => part.GetString()))
        : merge.GetString()!;

    /// <summary>Whether an object or one inside it is of a type.</summary>
    static bool HasType(JsonElement at, string type) => at.ValueKind switch
    {
        JsonValueKind.Object => at.EnumerateObject().Any(property =>
            (property.Name == "type" && property.Value.ValueKind == JsonValueKind.String && property.Value.GetString() == type)
            || (property.Value.ValueKind is JsonValueKind.Object or JsonValueKind.Array && property.Name != "vocab" && HasType(property.Value, type))),
        JsonValueKind.Array => at.EnumerateArray().Any(element => HasType(element, type)),
        _ => false,
    };
}
