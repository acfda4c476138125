using Goodhart.Tokenizers.Normalizers;
using Goodhart.Tokenizers.PreTokenizers;

namespace Goodhart.Tokenizers.Decoders;

/// <summary>Reads the <c>decoder</c> section. Without one, tokens are joined by spaces.</summary>
static class DecoderReader
{
    const string Known = "Sequence, ByteLevel, Metaspace, Replace, ByteFallback, Fuse, Strip, WordPiece, BPEDecoder and CTC";

    public static IDecoder Read(JsonSection? section) =>
        section is JsonSection given ? Read(given) : new FuseDecoder(" ");

    static IDecoder Read(JsonSection section) => section.Type switch
    {
        "Sequence" => new DecoderSequence([.. section.Get("decoders").Items().Select(Read)]),
        "ByteLevel" => new ByteLevelDecoder(),
        "Metaspace" => new MetaspaceDecoder(
            section.Get("replacement").Character(), PreTokenizerReader.ReadPrependScheme(section)),
        "Replace" => new ReplaceDecoder(NormalizerReader.ReadReplace(section)),
        "ByteFallback" => new ByteFallbackDecoder(),
        "Fuse" => new FuseDecoder(""),
        "Strip" => new StripDecoder(
            section.Get("content").Character(),
            section.Get("start").NonNegative(),
            section.Get("stop").NonNegative()),
        "WordPiece" => new WordPieceDecoder(section.TextOf("prefix"), section.BooleanOf("cleanup", true)),
        "BPEDecoder" => new SuffixDecoder(section.TextOf("suffix")),
        "CTC" => new CtcDecoder(
            section.TextOf("pad_token"), section.TextOf("word_delimiter_token"), section.BooleanOf("cleanup", true)),
        _ => throw section.Unsupported(Known),
    };
}
