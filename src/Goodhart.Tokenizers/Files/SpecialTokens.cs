using System.Text.Json;
using System.Text.Json.Nodes;
using Goodhart.Tokenizers.PostProcessors;

namespace Goodhart.Tokenizers.Files;

/// <summary>The tokens that begin, end, fill and stand for the unknown.</summary>
sealed record SpecialTokens(int? BosId, int? EosId, int? PadId, int? UnknownId)
{
    static readonly string[] UsualBos = ["<s>", "<|endoftext|>"];
    static readonly string[] UsualEos = ["</s>", "<|endoftext|>"];

    /// <summary>What the configuration does not mention comes from the template, or else has its usual name.</summary>
    public static SpecialTokens Of(Pipeline pipeline, TokenizerConfig config)
    {
        Vocabulary vocabulary = pipeline.Vocabulary;
        return new SpecialTokens(
            IdOf("bos_token", pipeline.Template.Prefix is [int first, ..] ? first : Usual(UsualBos)),
            IdOf("eos_token", pipeline.Template.Suffix is [.., int last] ? last : Usual(UsualEos)),
            IdOf("pad_token", vocabulary.IdOf("<pad>")),
            IdOf("unk_token", pipeline.Model.UnknownId));

        int? IdOf(string key, int? otherwise)
        {
            if (!config.Mentions(key))
                return otherwise;
            if (config.ContentOf(key) is not JsonSection content)
                return null;
            return vocabulary.IdOf(content.Text()) ?? throw content.Not("a token of the vocabulary");
        }

        int? Usual(string[] names) => names.Select(vocabulary.IdOf).FirstOrDefault(id => id is not null);
    }

    /// <summary>The template with BOS and EOS put in or taken out, where the configuration states <c>add_bos_token</c> or <c>add_eos_token</c>.</summary>
    /// <param name="template">What the tokenizer's own file says.</param>
    /// <param name="addsBos">Null where it is not stated.</param>
    /// <param name="addsEos">Null where it is not stated.</param>
    public SpecialTokenTemplate Apply(SpecialTokenTemplate template, bool? addsBos, bool? addsEos) => new(
        addsBos is bool bos ? [.. Only("bos_token", BosId, bos), .. template.Prefix.Where(id => id != BosId)] : template.Prefix,
        addsEos is bool eos ? [.. template.Suffix.Where(id => id != EosId), .. Only("eos_token", EosId, eos)] : template.Suffix);

    /// <summary>The <c>tokenizer_config.json</c> that says the same.</summary>
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

    static int[] Only(string name, int? id, bool isWanted)
    {
        if (!isWanted)
            return [];
        return id is int known
            ? [known]
            : throw new TokenizerException($"tokenizer_config.json: asks to add the {name}, but there is none.");
    }
}
