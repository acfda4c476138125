using System.Text.Json;

namespace Goodhart.Tokenizers.Models;

/// <summary>Reads a <c>model</c> section of type BPE.</summary>
static class BpeReader
{
    public static Bpe Read(JsonSection section)
    {
        if (section.Find("dropout") is JsonSection dropout && !IsZero(dropout))
            throw dropout.Not("null: random merges have no place in encoding");

        bool byteFallback = section.BooleanOf("byte_fallback", false);
        string prefix = section.Find("continuing_subword_prefix")?.Text() ?? "";
        string suffix = section.Find("end_of_word_suffix")?.Text() ?? "";
        if (byteFallback && prefix.Length + suffix.Length > 0)
            throw section.Get("byte_fallback").Not("false where there are affixes");

        Dictionary<string, int> ids = ReadVocabulary(section.Get("vocab"));
        return new Bpe(ids, ReadMerges(section.Get("merges"), ids, prefix.Length), new BpeOptions
        {
            ContinuingPrefix = prefix,
            EndOfWordSuffix = suffix,
            ByteIds = byteFallback ? ByteToken.Ids(ids) : null,
            UnknownId = section.Find("unk_token") is JsonSection unk ? IdOf(unk.Text(), unk, ids) : null,
            FuseUnknown = section.BooleanOf("fuse_unk", false),
            IgnoreMerges = section.BooleanOf("ignore_merges", false),
        });
    }

    public static Dictionary<string, int> ReadVocabulary(JsonSection section)
    {
        Dictionary<string, int> ids = new(StringComparer.Ordinal);
        foreach ((string token, JsonSection id) in section.Members())
            ids.Add(token, id.NonNegative());
        return ids;
    }

    static MergeTable ReadMerges(JsonSection section, Dictionary<string, int> ids, int prefixLength)
    {
        List<Merge> merges = [];
        foreach (JsonSection item in section.Items())
        {
            (string left, string right) = ReadPair(item);
            if (right.Length <= prefixLength)
                throw item.Not("two tokens, the second longer than continuing_subword_prefix");
            (int leftId, int rightId) = (IdOf(left, item, ids), IdOf(right, item, ids));
            merges.Add(new Merge(leftId, rightId, IdOf(left + right[prefixLength..], item, ids), Rank: merges.Count));
        }

        return new MergeTable(merges);
    }

    /// <summary>Either <c>["a", "b"]</c> or, in older files, <c>"a b"</c>.</summary>
    static (string Left, string Right) ReadPair(JsonSection item)
    {
        string[] parts = item.Value.ValueKind == JsonValueKind.String
            ? item.Text().Split(' ')
            : [.. item.Items().Select(token => token.Text())];
        return parts.Length == 2 ? (parts[0], parts[1]) : throw item.Not("two tokens");
    }

    public static int IdOf(string token, JsonSection where, Dictionary<string, int> ids) => ids.TryGetValue(token, out int id)
        ? id
        : throw new TokenizerException($"{where.Path} needs the token '{token}', which model.vocab does not have.");

    static bool IsZero(JsonSection section) =>
        section.Value.ValueKind == JsonValueKind.Number && section.Value.GetDouble() == 0;
}
