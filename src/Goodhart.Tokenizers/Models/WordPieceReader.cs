namespace Goodhart.Tokenizers.Models;

/// <summary>Reads a <c>model</c> section of type WordPiece.</summary>
static class WordPieceReader
{
    public static WordPiece Read(JsonSection section)
    {
        Dictionary<string, int> ids = BpeReader.ReadVocabulary(section.Get("vocab"));
        JsonSection unknown = section.Get("unk_token");
        return new WordPiece(ids, new WordPieceOptions
        {
            UnknownId = BpeReader.IdOf(unknown.Text(), unknown, ids),
            ContinuingPrefix = section.Find("continuing_subword_prefix")?.Text() ?? "##",
            MaxCharactersPerWord = section.Find("max_input_chars_per_word")?.NonNegative() ?? 100,
        });
    }
}
