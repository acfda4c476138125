using System.Text.Json;
using System.Text.Json.Nodes;

namespace Goodhart.Tokenizers;

/// <summary>The special tokens that <c>tokenizer_config.json</c> names.</summary>
sealed record TokenizerConfig(int? BosId, int? EosId, int? PadId, int? UnknownId)
{
    static readonly string[] UsualBos = ["<s>", "<|endoftext|>"];
    static readonly string[] UsualEos = ["</s>", "<|endoftext|>"];

    /// <summary>Reads the file; what it does not mention comes from the template, or else has its usual name.</summary>
    /// <param name="utf8">The file; null where there is none.</param>
    /// <param name="name">What messages call it.</param>
    /// <param name="tokenizer">The file beside it.</param>
    public static TokenizerConfig Read(byte[]? utf8, string name, TokenizerJson tokenizer)
    {
        JsonSection? root = utf8 is null ? null : JsonSection.Parse(utf8, name);
        Vocabulary vocabulary = tokenizer.Vocabulary;
        return new TokenizerConfig(
            IdOf("bos_token", tokenizer.Template.Prefix is [int first, ..] ? first : Usual(UsualBos)),
            IdOf("eos_token", tokenizer.Template.Suffix is [.., int last] ? last : Usual(UsualEos)),
            IdOf("pad_token", vocabulary.IdOf("<pad>")),
            IdOf("unk_token", tokenizer.Model.UnknownId));

        int? IdOf(string key, int? otherwise)
        {
            if (root is not JsonSection given || !given.Has(key))
                return otherwise;
            if (given.Find(key) is not JsonSection token)
                return null;

            // Either the token itself, or an object that describes it.
            JsonSection content = token.Value.ValueKind == JsonValueKind.Object ? token.Get("content") : token;
            return vocabulary.IdOf(content.Text()) ?? throw content.Not("a token of tokenizer.json");
        }

        int? Usual(string[] names) => names.Select(vocabulary.IdOf).FirstOrDefault(id => id is not null);
    }

    /// <summary>The file that says the same.</summary>
    public byte[] Write(Vocabulary vocabulary)
    {
        JsonObject config = new()
        {
            ["tokenizer_class"] = "PreTrainedTokenizerFast",
            ["clean_up_tokenization_spaces"] = false,
        };
        Add("bos_token", BosId);
        Add("eos_token", EosId);
        Add("pad_token", PadId);
        Add("unk_token", UnknownId);
        return JsonSerializer.SerializeToUtf8Bytes(config, TokenizerJsonWriter.Readable);

        void Add(string key, int? id) => config[key] = id is int known ? vocabulary.TokenOf(known) : null;
    }
}
