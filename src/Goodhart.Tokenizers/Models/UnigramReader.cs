namespace Goodhart.Tokenizers.Models;

/// <summary>Reads a <c>model</c> section of type Unigram.</summary>
static class UnigramReader
{
    const double UnknownPenalty = 10; // SentencePiece's

    public static Unigram Read(JsonSection section)
    {
        List<ScoredPiece> pieces = [];
        Dictionary<string, int> ids = new(StringComparer.Ordinal);
        JsonSection vocabulary = section.Get("vocab");
        foreach (JsonSection item in vocabulary.Items())
        {
            (string text, double score) = ReadPiece(item);
            if (!ids.TryAdd(text, pieces.Count))
                throw item.Not("a piece that was not listed before");
            pieces.Add(new ScoredPiece(text, pieces.Count, score));
        }

        if (pieces.Count == 0)
            throw vocabulary.Not("a list of at least one piece");
        JsonSection unknown = section.Get("unk_id"); // where it is null, the format encodes known characters only
        return new Unigram(ids, [.. pieces], new UnigramOptions
        {
            UnknownId = unknown.NonNegative() is int id && id < pieces.Count ? id : throw unknown.Not($"below {pieces.Count}"),
            UnknownScore = pieces.Min(piece => piece.Score) - UnknownPenalty,
            ByteIds = section.BooleanOf("byte_fallback", false) ? ReadByteIds(section, ids) : null,
        });
    }

    static (string Text, double Score) ReadPiece(JsonSection item)
    {
        if (item.Items().ToArray() is not [JsonSection text, JsonSection score])
            throw item.Not("a piece and its score");
        return text.Text() is { Length: > 0 } piece ? (piece, score.Number()) : throw text.Not("a text of at least one character");
    }

    static int[] ReadByteIds(JsonSection section, Dictionary<string, int> ids)
    {
        int[] byteIds = ByteToken.Ids(ids);
        int missing = Array.IndexOf(byteIds, -1);
        return missing < 0 ? byteIds : throw section.Get("byte_fallback").Not($"false, since vocab has no {ByteToken.Of((byte)missing)}");
    }
}
