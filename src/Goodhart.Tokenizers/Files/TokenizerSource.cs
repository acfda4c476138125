using Goodhart.Tokenizers.ChatTemplates;

namespace Goodhart.Tokenizers.Files;

/// <summary>A tokenizer as its files describe it, and the files, to be saved as they are.</summary>
sealed record TokenizerSource(Pipeline Pipeline, SpecialTokens Special, TokenizerConfig Config, IReadOnlyList<NamedFile> Files)
{
    /// <summary>From <c>tokenizer.json</c> and what lies beside it.</summary>
    public static TokenizerSource OfJson(NamedFile json, IReadOnlyList<NamedFile> beside)
    {
        TokenizerConfig config = new(beside);
        TokenizerSource source = Of(
            TokenizerJson.Read(json.Content, json.Name), config,
            config.BooleanOf("add_bos_token"), config.BooleanOf("add_eos_token"), [json with { Name = TokenizerFiles.Json }, .. beside]);
        if (beside.Any(file => file.IsCalled(TokenizerFiles.Config)))
            return source;

        NamedFile written = new(TokenizerFiles.Config, source.Special.Write(source.Pipeline.Vocabulary));
        return source with { Files = [.. source.Files, written] };
    }

    /// <summary>The chat template, which knows the special tokens by their names in these files.</summary>
    public ChatTemplate? ReadChatTemplate()
    {
        if (Config.ChatTemplate is not (string name, string text))
            return null;

        Dictionary<string, string> tokens = [];
        foreach (string key in TokenizerConfig.SpecialTokenKeys)
        {
            if (Config.ContentOf(key) is JsonSection content)
                tokens[key] = content.Text();
        }

        foreach ((string key, int? id) in new[] { ("bos_token", Special.BosId), ("eos_token", Special.EosId) })
        {
            if (id is int known)
                tokens[key] = Pipeline.Vocabulary.TokenOf(known);
        }

        return ChatTemplate.Parse(text, name, tokens);
    }

    public static TokenizerSource Of(
        Pipeline pipeline, TokenizerConfig config, bool? addsBos, bool? addsEos, IReadOnlyList<NamedFile> files)
    {
        var special = SpecialTokens.Of(pipeline, config);
        return new TokenizerSource(
            pipeline with { Template = special.Apply(pipeline.Template, addsBos, addsEos) }, special, config, files);
    }
}
