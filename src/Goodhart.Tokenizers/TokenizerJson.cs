using Goodhart.Tokenizers.AddedTokens;
using Goodhart.Tokenizers.Decoders;
using Goodhart.Tokenizers.Models;
using Goodhart.Tokenizers.Normalizers;
using Goodhart.Tokenizers.PostProcessors;
using Goodhart.Tokenizers.PreTokenizers;

namespace Goodhart.Tokenizers;

/// <summary>Reads <c>tokenizer.json</c>.</summary>
static class TokenizerJson
{
    /// <summary>Reads all of it but <c>truncation</c> and <c>padding</c>, which are matters of a batch.</summary>
    /// <param name="utf8">The file.</param>
    /// <param name="name">What messages call it.</param>
    public static Pipeline Read(byte[] utf8, string name)
    {
        var root = JsonSection.Parse(utf8, name);
        IModel model = ModelReader.Read(root.Get("model"));
        AddedToken[] addedTokens = [.. root.Find("added_tokens")?.Items().Select(item => AddedToken.Read(item)) ?? []];
        Vocabulary vocabulary = new(
            [.. model.Tokens.Select(t => (t.Key, t.Value)), .. addedTokens.Select(t => (t.Content, t.Id))], name);

        return new Pipeline(
            vocabulary,
            addedTokens,
            NormalizerReader.Read(root.Find("normalizer")),
            PreTokenizerReader.Read(root.Find("pre_tokenizer")),
            model,
            SpecialTokenTemplateReader.Read(root.Find("post_processor"), vocabulary),
            DecoderReader.Read(root.Find("decoder")));
    }
}
