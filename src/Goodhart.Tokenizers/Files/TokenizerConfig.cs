using System.Globalization;
using System.Text;
using System.Text.Json;
using Goodhart.Tokenizers.AddedTokens;

namespace Goodhart.Tokenizers.Files;

/// <summary>What the files beside a tokenizer's own say; each may be missing.</summary>
sealed class TokenizerConfig
{
    /// <summary>The special tokens that a configuration may name, and chat templates use.</summary>
    public static readonly string[] SpecialTokenKeys =
        ["bos_token", "eos_token", "unk_token", "sep_token", "pad_token", "cls_token", "mask_token"];

    readonly JsonSection? _config;
    readonly JsonSection? _map;
    readonly JsonSection? _addedTokens;
    readonly (string Name, string Text)? _template;

    /// <param name="files">
    /// Of <c>tokenizer_config.json</c>, <c>special_tokens_map.json</c>, <c>added_tokens.json</c> and <c>chat_template.jinja</c>,
    /// those that there are.
    /// </param>
    public TokenizerConfig(IReadOnlyList<NamedFile> files)
    {
        _config = Parse("tokenizer_config.json");
        _map = Parse("special_tokens_map.json");
        _addedTokens = Parse("added_tokens.json");
        if (files.FirstOrDefault(file => file.IsCalled("chat_template.jinja")) is NamedFile template)
            _template = (template.Name, template.Text());

        JsonSection? Parse(string name) => files.FirstOrDefault(file => file.IsCalled(name)) is NamedFile file
            ? JsonSection.Parse(file.Content, file.Name)
            : null;
    }

    /// <summary>The class that the files were written for, without its ending Fast; null where it is not said.</summary>
    public string? Class => _config?.Find("tokenizer_class")?.Text() is string name
        ? name.EndsWith("Fast", StringComparison.Ordinal) ? name[..^4] : name
        : null;

    /// <summary>Whether a special token is mentioned, be it to say that there is none.</summary>
    public bool Mentions(string key) => _config?.Has(key) == true || _map?.Has(key) == true;

    /// <summary>The content of a special token such as <c>bos_token</c>; null where there is none.</summary>
    public JsonSection? ContentOf(string key)
    {
        JsonSection? token = _config?.Has(key) == true ? _config?.Find(key) : _map?.Find(key);
        return token is { Value.ValueKind: JsonValueKind.Object } described ? described.Get("content") : token;
    }

    /// <summary>A setting that is true or false; null where it is neither.</summary>
    public bool? BooleanOf(string key) => _config?.Find(key)?.Boolean();

    public int? NumberOf(string key) => _config?.Find(key)?.NonNegative();

    /// <summary>Tokens that these files add to the vocabulary, or mark as special.</summary>
    public IReadOnlyList<AddedToken> AddedTokens
    {
        get
        {
            if (_config?.Find("added_tokens_decoder") is JsonSection decoder)
                return [.. decoder.Members().Select(member => AddedToken.Read(member.Value, IdOf(member.Name, member.Value)))];

            return [.. (_addedTokens?.Members() ?? []).Select(member => new AddedToken
            {
                Id = member.Value.NonNegative(),
                Content = member.Name,
                IsNormalized = true,
            })];
        }
    }

    /// <summary>The chat template with the name of its file: of several, the one called default; null where there is none.</summary>
    public (string Name, string Text)? ChatTemplate
    {
        get
        {
            if (_template is not null || _config?.Find("chat_template") is not JsonSection given)
                return _template;
            if (given.Value.ValueKind == JsonValueKind.String)
                return (given.Path, given.Text());

            JsonSection[] all = [.. given.Items().Where(item => item.TextOf("name") == "default")];
            return all is [JsonSection only]
                ? (only.Path, only.TextOf("template"))
                : throw given.Not("a template, or a list of them with one called 'default'");
        }
    }

    static int IdOf(string digits, JsonSection where) =>
        int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out int id)
            ? id
            : throw new TokenizerException($"{where.Path} should have an id for its name, got '{digits}'.");
}

/// <summary>A file and what messages call it.</summary>
sealed record NamedFile(string Name, byte[] Content)
{
    public bool IsCalled(string name) => Path.GetFileName(Name) == name;

    public string Text() => System.Text.Unicode.Utf8.IsValid(Content)
        ? Encoding.UTF8.GetString(Content)
        : throw new TokenizerException($"{Name}: should be UTF-8, got other bytes. Save it as UTF-8.");
}
