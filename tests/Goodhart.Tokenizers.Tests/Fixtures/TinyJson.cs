using System.Text;
using Goodhart.Tokenizers.Files;

namespace Goodhart.Tokenizers.Tests.Fixtures;

/// <summary>A tokenizer.json of a few lines, in which a test puts what it is about.</summary>
sealed record TinyJson
{
    public string AddedTokens { get; init; } = "[]";

    public string Normalizer { get; init; } = "null";

    public string PreTokenizer { get; init; } = "null";

    public string PostProcessor { get; init; } = "null";

    public string Decoder { get; init; } = """{"type": "Fuse"}""";

    public string Vocabulary { get; init; } = """{"a": 0, "b": 1, "c": 2, " ": 3, "ab": 4, "abc": 5}""";

    public string Merges { get; init; } = """["a b", "ab c"]""";

    /// <summary>More settings of the model, each with a comma after it.</summary>
    public string ModelSettings { get; init; } = "";

    public override string ToString() => $$"""
        {
          "added_tokens": {{AddedTokens}},
          "normalizer": {{Normalizer}},
          "pre_tokenizer": {{PreTokenizer}},
          "post_processor": {{PostProcessor}},
          "decoder": {{Decoder}},
          "model": {"type": "BPE", {{ModelSettings}} "vocab": {{Vocabulary}}, "merges": {{Merges}}}
        }
        """;

    public Tokenizer Read() => Read(ToString());

    public static Tokenizer Read(string json, string? config = null) => Read(Encoding.UTF8.GetBytes(json), config);

    public static Tokenizer Read(byte[] json, string? config = null) => new(TokenizerSource.OfJson(
        new NamedFile("tokenizer.json", json),
        config is null ? [] : [new NamedFile("tokenizer_config.json", Encoding.UTF8.GetBytes(config))]));

    /// <summary>The tokens of a text, with a bar between them.</summary>
    public string Tokens(string text, bool addSpecialTokens = false)
    {
        Tokenizer tokenizer = Read();
        return string.Join('|', tokenizer.Encode(text, addSpecialTokens).Select(tokenizer.TokenOf));
    }
}
