using Goodhart.Tokenizers.AddedTokens;
using Goodhart.Tokenizers.PreTokenizers;
using Goodhart.Tokenizers.SentencePiece;

namespace Goodhart.Tokenizers.Files;

/// <summary>Reads a SentencePiece <c>.model</c> and what lies beside it, as the class named there does.</summary>
static class SentencePieceDirectory
{
    public static TokenizerSource Read(NamedFile model, IReadOnlyList<NamedFile> beside)
    {
        TokenizerConfig config = new(beside);
        (bool addsBos, bool addsEos) = config.Class switch
        {
            null => (false, false),
            "LlamaTokenizer" or "CodeLlamaTokenizer" or "GemmaTokenizer" => (true, false),
            "T5Tokenizer" => (false, true),
            string other => throw new TokenizerException(
                $"{model.Name}: tokenizers of class {other} change what a SentencePiece model says in ways not supported "
                + "here; supported are LlamaTokenizer, CodeLlamaTokenizer, GemmaTokenizer and T5Tokenizer. Convert it to tokenizer.json."),
        };

        AddedToken[] added = [.. config.AddedTokens];
        if (config.Class == "T5Tokenizer" && added.Length == 0)
            added = ExtraTokens(model, config.NumberOf("extra_ids") ?? 100);
        var pipeline = SentencePiecePipeline.Read(model.Content, model.Name, new SentencePieceSettings
        {
            AddedTokens = added,
            PrefixScheme = config.BooleanOf("legacy") == false ? PrependScheme.First : PrependScheme.Always,
        });
        return TokenizerSource.Of(
            pipeline, config, config.BooleanOf("add_bos_token") ?? addsBos, config.BooleanOf("add_eos_token") ?? addsEos,
            [model with { Name = Path.GetFileName(model.Name) == TokenizerFiles.T5Model ? TokenizerFiles.T5Model : TokenizerFiles.Model }, .. beside]);
    }

    /// <summary>T5's marks of gaps, which follow the pieces, the last first.</summary>
    static AddedToken[] ExtraTokens(NamedFile model, int count)
    {
        const int Most = 10_000;
        if (count > Most)
            throw new TokenizerException($"tokenizer_config.json: extra_ids should be at most {Most}, got {count}.");

        int first = SentencePieceFile.Read(model.Content, model.Name).Pieces.Count;
        return [.. Enumerable.Range(0, count).Select(i => new AddedToken
        {
            Id = first + count - 1 - i,
            Content = $"<extra_id_{i}>",
            IsSpecial = true,
        })];
    }
}
