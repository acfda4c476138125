namespace Goodhart.Tokenizers.Models;

/// <summary>Reads the <c>model</c> section.</summary>
static class ModelReader
{
    /// <remarks>The first files of this format, GPT-2's among them, do not state the type.</remarks>
    public static IModel Read(JsonSection section) => (section.Find("type") is null ? "BPE" : section.Type) switch
    {
        "BPE" => BpeReader.Read(section),
        "Unigram" => UnigramReader.Read(section),
        "WordPiece" => WordPieceReader.Read(section),
        _ => throw section.Unsupported("BPE, Unigram and WordPiece"),
    };
}
